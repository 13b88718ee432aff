// One-time codes of the sample people: what an authenticator app would show (RFC 6238), and the printed recovery codes.

import { createHmac } from 'node:crypto';

const STEP_MS = 30_000;
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function bytesOf(secret) {
  const bits = [...secret].map((sign) => BASE32.indexOf(sign).toString(2).padStart(5, '0')).join('');
  return Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
}

/** The code of a step. */
export function codeOf(secret, step) {
  const counter = Buffer.alloc(8);
  counter.writeBigInt64BE(BigInt(step));
  const digest = createHmac('sha1', bytesOf(secret)).update(counter).digest();
  const number = digest.readUInt32BE(digest[19] & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}

/**
 * Codes that were not used yet, by name. Each is taken once: when this moment's are used up, and a test cannot wait half
 * a minute, a recovery code is next. `people`: matches with name, password, secret; `sheet`: a name and a code a line.
 */
export function oneTimeCodes(people, sheet) {
  const left = new Map(people.map(([, name, , secret]) => [name, { secret, last: 0, recovery: [] }]));
  for (const line of sheet.trim().split('\n')) {
    const [name, code] = line.split(' ');
    left.get(name).recovery.push(code);
  }
  return {
    next(name) {
      const own = left.get(name);
      const here = Math.floor(Date.now() / STEP_MS);
      const step = Math.max(here, own.last + 1);
      if (step <= here + 1) {
        own.last = step;
        return codeOf(own.secret, step);
      }
      const code = own.recovery.pop();
      if (!code) throw new Error(`${name} has no code left.`);
      return code;
    },
  };
}
