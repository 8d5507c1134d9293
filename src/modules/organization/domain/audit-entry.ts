/** Names of attributes that two states of one object do not share; never their values. */
export function changedFields(before: object | undefined, after: object | undefined): readonly string[] {
  const [old, now] = [new Map(Object.entries(before ?? {})), new Map(Object.entries(after ?? {}))];
  const names = new Set([...old.keys(), ...now.keys()]);
  const changed = [...names].filter((name) => JSON.stringify(old.get(name)) !== JSON.stringify(now.get(name)));
  return [...new Set(changed.map(speakable))].sort();
}

const NAME = /^@?[A-Za-z][A-Za-z_.-]{0,62}\d{0,3}$/;

/** Clients name attributes of TM Forum resources themselves, and might put anything into a name. */
const speakable = (name: string): string => (NAME.test(name) ? name : '(other)');

/** What a route is about, by its address: `POST /care-api/points/v1/redemption/:id/reversal` is about a `redemption`. */
export function objectTypeOf(operation: string): string {
  const steps = operation.split('/');
  const parameter = steps.findIndex((step) => step.startsWith(':'));
  return steps.at(parameter > 0 ? parameter - 1 : -1) ?? operation;
}
