import { IllegalAgentState } from './refusals.js';

/** `manager`: an account manager, for own customers only; `vip_seat` (VIP专席): for VIPs only; `general`: for everybody. */
export const agentKinds = ['manager', 'vip_seat', 'general'] as const;
export type AgentKind = (typeof agentKinds)[number];

export const agentStates = ['offline', 'available', 'reserved', 'busy', 'wrapup', 'paused'] as const;
export type AgentState = (typeof agentStates)[number];

/** What agents may ask for themselves; the rest follows from their calls. */
export const requestableStates = ['available', 'paused', 'offline', 'wrapup'] as const;
export type RequestableState = (typeof requestableStates)[number];

const moves: Readonly<Record<AgentState, readonly AgentState[]>> = {
  offline: ['available', 'paused'],
  available: ['reserved', 'paused', 'offline'],
  reserved: ['busy', 'available', 'paused', 'offline'],
  busy: ['wrapup', 'available'],
  wrapup: ['available', 'paused', 'offline'],
  paused: ['available', 'offline'],
};

/** @throws IllegalAgentState */
export function moveAgent(from: AgentState, to: AgentState): AgentState {
  if (!moves[from].includes(to)) throw new IllegalAgentState(from, to);
  return to;
}

/**
 * The state that an agent asks for. The one that the agent is in already may be asked for again.
 * @throws IllegalAgentState also for `available` while an offer rings: it is answered by accept or reject.
 */
export function requestState(from: AgentState, to: RequestableState): AgentState {
  if (from === to) return to;
  // Ending a call is said of the contact; otherwise the caller would be left talking to nobody.
  if (from === 'busy' || to === 'wrapup' || (from === 'reserved' && to === 'available')) {
    throw new IllegalAgentState(from, to);
  }
  return moveAgent(from, to);
}

/** After an offer that the agent let ring: available again, or paused when it has happened too often. */
export const afterNoAnswer = (noAnswers: number, noAnswersBeforePause: number): AgentState =>
  noAnswers >= noAnswersBeforePause ? 'paused' : 'available';
