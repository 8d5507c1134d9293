import { afterNoAnswer, agentStates, moveAgent, requestableStates, requestState, type AgentState } from './agent.js';
import { connect, contactStates, hangUp } from './contact.js';
import { expectedWaitSeconds } from './policy.js';
import {
  ContactNotOffered,
  IllegalAgentState,
  ReservationDecided,
  ReservationRescinded,
  ReservationTooLate,
} from './refusals.js';
import { accept, expire, reject, release, reservationStates, type ReservationState } from './reservation.js';

const NOW = new Date('2026-02-01T09:00:00+08:00');
const LATER = new Date(NOW.getTime() + 1);

describe('a contact', () => {
  it.each([
    ['queued', 'abandoned'],
    ['offered', 'abandoned'],
    ['connected', 'completed'],
    ['completed', 'completed'],
    ['abandoned', 'abandoned'],
  ] as const)('that is %s ends as %s', (from, to) => {
    expect(hangUp(from)).toBe(to);
  });

  it('is connected only after an offer; what comes late or twice changes nothing', () => {
    expect(contactStates.filter((state) => state !== 'queued').map(connect)).toEqual([
      'connected',
      'connected',
      'completed',
      'abandoned',
    ]);
    expect(() => connect('queued')).toThrow(ContactNotOffered);
  });
});

describe('a reservation', () => {
  const offer = (state: ReservationState) => ({ state, expiresAt: LATER });

  it('is accepted until it expires, and not at that instant', () => {
    expect(accept(offer('pending'), NOW)).toBe('accepted');
    expect(() => accept(offer('pending'), LATER)).toThrow(ReservationTooLate);
    expect([expire(offer('pending'), NOW), expire(offer('pending'), LATER), expire(offer('accepted'), LATER)]).toEqual([
      'pending',
      'timedOut',
      'accepted',
    ]);
  });

  it('is accepted once, however often it is said, and never after it was decided otherwise', () => {
    expect((['accepted', 'wrapping', 'completed'] as const).map((state) => accept(offer(state), LATER))).toEqual([
      'accepted',
      'wrapping',
      'completed',
    ]);
    expect(() => accept(offer('timedOut'), NOW)).toThrow(ReservationTooLate);
    expect(() => accept(offer('rejected'), NOW)).toThrow(ReservationDecided);
    expect(() => accept(offer('rescinded'), NOW)).toThrow(ReservationRescinded);
  });

  it('is rejected only while it rings', () => {
    expect(reject(offer('pending'))).toBe('rejected');
    for (const state of ['rejected', 'timedOut', 'rescinded'] as const) expect(reject(offer(state))).toBe(state);
    for (const state of ['accepted', 'wrapping', 'completed', 'failed'] as const)
      expect(() => reject(offer(state))).toThrow(ReservationDecided);
  });

  it('is withdrawn, failed or written up when the call ends', () => {
    expect([release('pending', false), release('accepted', false), release('accepted', true)]).toEqual([
      'rescinded',
      'failed',
      'wrapping',
    ]);
    for (const state of reservationStates.filter((one) => one !== 'pending' && one !== 'accepted'))
      expect(release(state, true)).toBe(state);
  });
});

describe('an agent', () => {
  const allowed: Readonly<Record<AgentState, readonly AgentState[]>> = {
    offline: ['available', 'paused'],
    available: ['reserved', 'paused', 'offline'],
    reserved: ['busy', 'available', 'paused', 'offline'],
    busy: ['wrapup', 'available'],
    wrapup: ['available', 'paused', 'offline'],
    paused: ['available', 'offline'],
  };

  it.each(agentStates)('who is %s goes on as the diagram says', (from) => {
    for (const to of agentStates) {
      if (allowed[from].includes(to)) expect(moveAgent(from, to)).toBe(to);
      else expect(() => moveAgent(from, to)).toThrow(IllegalAgentState);
    }
  });

  it('cannot leave a call by a change of state, nor slip out of an offer into the idle', () => {
    for (const to of requestableStates) expect(() => requestState('busy', to)).toThrow(IllegalAgentState);
    expect(() => requestState('reserved', 'available')).toThrow(IllegalAgentState);
    expect(() => requestState('available', 'wrapup')).toThrow(IllegalAgentState);
    expect([
      requestState('reserved', 'paused'),
      requestState('wrapup', 'available'),
      requestState('wrapup', 'wrapup'),
    ]).toEqual(['paused', 'available', 'wrapup']);
  });

  it('is paused after the third call that was not answered', () => {
    expect([1, 2, 3].map((count) => afterNoAnswer(count, 3))).toEqual(['available', 'available', 'paused']);
  });
});

it('the announced wait is the place divided by the rate of the staffed', () => {
  expect(expectedWaitSeconds({ position: 3, staffed: 2, meanHandleSeconds: 180 })).toBe(270);
  expect(expectedWaitSeconds({ position: 3, staffed: 0, meanHandleSeconds: 180 })).toBeUndefined();
});
