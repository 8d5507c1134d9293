/** As programs write them; or a place in a list. */
const NAME = /^(?:[@$_A-Za-z][\w.@$-]{0,63}|\d{1,4})$/;

/** What a client called an attribute or parameter, fit to be repeated: a program may send a person's number as a name. */
export const shownName = (name: string): string => (NAME.test(name) ? name : '(unknown)');
