import { v7, validate } from 'uuid';

/** A new UUIDv7: ids are made by the application, sort by time, and are known before the row is written. */
export const newId = (): string => v7();

/**
 * An id, as SQL, that follows from what it is about: whoever makes it again makes the same one. Version 8 is for such ids (RFC 9562).
 * @param key SQL of a text.
 */
export const derivedIdSql = (key: string): string =>
  `overlay(overlay(md5(${key}) PLACING '8' FROM 13) PLACING '8' FROM 17)::uuid`;

export const isId = (value: string): boolean => validate(value);
