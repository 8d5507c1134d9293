import { ContactNotOffered } from './refusals.js';

/** A call on its way through the hotline. `completed` was talked to, `abandoned` was not. */
export const contactStates = ['queued', 'offered', 'connected', 'completed', 'abandoned'] as const;
export type ContactState = (typeof contactStates)[number];

/** The talk has begun. Said again, or late, it changes nothing. @throws ContactNotOffered */
export function connect(state: ContactState): ContactState {
  switch (state) {
    case 'offered':
    case 'connected':
      return 'connected';
    case 'completed':
    case 'abandoned':
      return state;
    case 'queued':
      throw new ContactNotOffered(state);
  }
}

/** The caller or the agent has hung up; what the platform calls it matters less than how far the call had come. */
export function hangUp(state: ContactState): 'completed' | 'abandoned' {
  switch (state) {
    case 'queued':
    case 'offered':
      return 'abandoned';
    case 'connected':
      return 'completed';
    case 'completed':
    case 'abandoned':
      return state;
  }
}
