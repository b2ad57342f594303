// The whole suite in its order: what a visitor does, what the first administrator does, and how every screen fares.
import { after } from 'node:test';
import { browser } from './browser.mjs';

await import('./visitor.mjs');
await import('./administrator.mjs');
await import('./forms.mjs');
await import('./publishing.mjs');
await import('./editor.mjs');
await import('./screens.mjs');

after(() => browser.close());
