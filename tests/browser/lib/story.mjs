// Tests with a time limit, so that a browser that hangs ends its test and not the whole run.

import { test as unlimited } from 'node:test';

const LIMIT_MS = 180_000;

/** A test. `todo` says why it does not hold yet. */
export function test(name, ...rest) {
  const tell = rest.pop();
  return unlimited(name, { timeout: LIMIT_MS, ...rest[0] }, tell);
}

/** Parts of one story: when one fails, the rest cannot be told. */
export function story(part) {
  let broken = false;
  return (name, tell) => part.test(name, { skip: broken && 'an earlier part failed' }, async () => {
    try {
      await tell();
    } catch (error) {
      broken = true;
      throw error;
    }
  });
}
