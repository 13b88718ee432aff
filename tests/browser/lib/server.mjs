// The server under test: sample data in a folder of its own, a port the system chose, stopped at the end.

import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { oneTimeCodes } from './codes.mjs';

const TARGET = fileURLToPath(new URL('../../../target/', import.meta.url));
const START_MS = 180_000;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const endNow = () => process.exit(1);

/** The binary under test. */
export function binary() {
  const candidates = process.env.PLEDGE_BIN
    ? [path.resolve(process.env.PLEDGE_BIN)]
    : ['release', 'debug'].map((profile) => path.join(TARGET, profile, 'pledge'));
  const found = candidates.find((file) => existsSync(file));
  if (!found) throw new Error(`There is no pledge binary at ${candidates.join(' or ')}. Build it, or set PLEDGE_BIN.`);
  return found;
}

/**
 * Starts `pledge serve --demo` over a copy of the sample data in PLEDGE_SAMPLES, or over an empty folder. Gives `origin`, `passwords` by name, `codes.next(name)`, `stderr()`
 * and `stop()`.
 */
export async function startServer() {
  const folder = mkdtempSync(path.join(tmpdir(), 'pledge-browser-'));
  const data = path.join(folder, 'data');
  if (process.env.PLEDGE_SAMPLES) cpSync(process.env.PLEDGE_SAMPLES, data, { recursive: true });
  const child = spawn(binary(), ['serve', '--demo', '--listen', '127.0.0.1:0', '--data', data], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  // A test file that is cut short must leave neither its server nor its folder behind.
  const atExit = () => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', atExit);
  for (const signal of SIGNALS) process.once(signal, endNow);

  let stdout = '';
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text) => { stderr += text; });
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    const patience = setTimeout(() => child.kill('SIGKILL'), 10_000);
    await ended;
    clearTimeout(patience);
    process.removeListener('exit', atExit);
    for (const signal of SIGNALS) process.removeListener(signal, endNow);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const origin = await new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`No address after ${START_MS / 1000} s.\n${stdout}${stderr}`)), START_MS);
      child.once('error', reject);
      child.once('close', (code) => reject(new Error(`pledge ended with ${code}.\n${stdout}${stderr}`)));
      child.stdout.setEncoding('utf8').on('data', (text) => {
        stdout += text;
        const address = /^Pledge is at (http:\/\/[^/\s]+)\/\s*$/m.exec(stdout);
        if (address) {
          clearTimeout(late);
          resolve(address[1]);
        }
      });
    });
    const people = [...stdout.matchAll(/^\s+(sample-[a-z]+)\s+(\S+)\s+([A-Z2-7]{32})\s*$/gm)];
    const passwords = Object.fromEntries(people.map(([, name, password]) => [name, password]));
    const codes = oneTimeCodes(people, readFileSync(path.join(data, 'demo-recovery-codes.txt'), 'utf8'));
    return { origin, passwords, codes, stderr: () => stderr, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
