import { v7, validate } from 'uuid';

/** A new UUIDv7: ids are made by the application, sort by time, and are known before the row is written. */
export const newId = (): string => v7();

export const isId = (value: string): boolean => validate(value);
