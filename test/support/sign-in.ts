import type { Call } from './http.js';

/** The `authorization` header of somebody who signs in. */
export async function signIn(
  call: Call,
  payload: { readonly login: string; readonly password: string },
): Promise<string> {
  const { body } = await call({ method: 'POST', url: '/care-api/organization/v1/session', payload });
  return `Bearer ${body.accessToken}`;
}
