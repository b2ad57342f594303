// The program under test, which a test can kill and start again: on one port, over one data directory.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';

const { PLINTH_PROGRAM: binary } = process.env;
let { PLINTH_DATA: data } = process.env;
export const password = 'twelve brave otters crossed';

let child;
let address = '127.0.0.1:0';

// With options of its own, such as a public address.
export async function start(...options) {
  child = spawn(binary, ['--listen', address, '--data', data, ...options], { stdio: ['ignore', 'pipe', 'inherit'], env: {} });
  for await (const line of createInterface({ input: child.stdout })) {
    const url = line.match(/The portal is at (\S+)/)?.[1];
    if (!url) continue;
    address = new URL(url).host;
    child.stdout.resume();
    return url;
  }
  throw new Error('the program did not start');
}

// The same at a free port, with a name in its public address.
export async function startWithName(name) {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  address = `127.0.0.1:${port}`;
  await start('--public-url', `http://${name}:${port}`);
  return `http://${name}:${port}`;
}

export async function kill() {
  if (child.exitCode !== null || child.signalCode) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

export function addUser(email, name, role) {
  const line = ['user', 'add', '--data', data, '--email', email, '--name', name, '--role', role, '--password-stdin'];
  execFileSync(binary, line, { input: `${password}\n`, env: {} });
}

// A command of the program over its data, such as `export` with a folder.
export function command(...words) {
  execFileSync(binary, [...words, '--data', data], { env: {} });
}

// What follows is over another data directory.
export function moveTo(directory) {
  data = directory;
}

process.on('exit', () => child?.kill('SIGKILL'));
