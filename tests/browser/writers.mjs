// Two editors before a program that can be killed, and what they do: sign in, type, look at what is kept.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { addUser, kill, password, start } from './program.mjs';

addUser('ada@portal.example', 'Ada Admin', 'administrator');
addUser('otto@portal.example', 'Otto Editor', 'editor');
process.env.PLINTH_URL = await start();
after(kill);
export const { field, inspect, openBrowser, picture, test, url, violations, visual } = await import('./browser.mjs');

export async function signIn(page, name) {
  await page.goto(`${url}/admin/sign-in`);
  await page.getByLabel('E-mail address').fill(`${name}@portal.example`);
  await page.getByLabel('Password').fill(password);
  await page.keyboard.press('Enter');
  await page.waitForURL(`${url}/admin`);
}

export async function open(page, edit) {
  await page.goto(edit);
  await visual(page).waitFor();
}

// Makes a page; gives the address of its edit screen.
export async function makePage(page, title, text) {
  await page.goto(`${url}/admin/pages/new`);
  await page.locator('#field-title').fill(title);
  await field(page).evaluate((area, words) => {
    area.value = words;
    area.dispatchEvent(new Event('input', { bubbles: true }));
  }, text);
  await page.keyboard.press('Control+s');
  await page.locator('.flash').filter({ hasText: 'is saved' }).waitFor();
  return page.url();
}

export const source = page => field(page).inputValue();
export const sentence = page => page.locator('[data-draft-sentence]');

// Goes to the end of the text and types.
export async function typeAtEnd(page, words) {
  await visual(page).focus();
  await page.keyboard.press('Control+End');
  await page.keyboard.type(words);
}

const copies = page => page.evaluate(() => Object.keys(localStorage).filter(key => key.startsWith('plinth:copy:')).map(key => localStorage[key]));

// Waits until the server has everything that was typed.
export async function kept(page) {
  await page.waitForFunction(() => !Object.keys(localStorage).some(key => key.startsWith('plinth:copy:')));
}

// Waits until this browser has these words, which the server need not have.
export async function copied(page, words) {
  await page.waitForFunction(text => Object.values(localStorage).some(copy => copy.includes(text)), words);
  assert.ok((await copies(page)).some(copy => copy.includes(words)));
}

// Ends the process of a tab, which gets no chance to do anything.
export async function killTab(page) {
  const debug = await page.context().newCDPSession(page);
  const crashed = page.waitForEvent('crash');
  debug.send('Page.crash').catch(() => {});
  await crashed;
  await page.close();
}

// Waits until the field has exactly this text.
export async function has(page, text) {
  await page.waitForFunction(expected => document.querySelector('textarea[name=body]')?.value === expected, text);
}
