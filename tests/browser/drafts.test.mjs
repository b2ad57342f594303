// Nobody loses a word: the tab is killed while someone types, the server goes away, the session runs out, another tab or
// another editor writes in the same text.
import assert from 'node:assert/strict';
import { kill, password, start } from './program.mjs';
import {
  copied, field, has, inspect, kept, killTab, makePage, open, openBrowser, picture, sentence, signIn, source, test, typeAtEnd, url, visual,
} from './writers.mjs';

const ada = await openBrowser();
const otto = await openBrowser();
await signIn(ada.page, 'ada');
await signIn(otto.page, 'otto');
const bar = (name, on) => on.locator('.title-bar').getByRole('button', { name });
const flash = page => page.locator('.flash');

// What another browser of the same user finds.
async function elsewhere(name, edit) {
  const other = await openBrowser();
  await signIn(other.page, name);
  await open(other.page, edit);
  const found = await source(other.page);
  await other.leave();
  return found;
}

test('what is typed is a draft half a second later, and the sentence at the top says so', async () => {
  const { page } = ada;
  const edit = await makePage(page, 'Drafts', 'First.');
  await typeAtEnd(page, ' And a draft.');
  await sentence(page).filter({ hasText: /Your changes are saved as a draft, \d\d:\d\d\. Only you see them\./ }).waitFor();
  assert.equal(await elsewhere('ada', edit), 'First. And a draft.');
  assert.equal(await elsewhere('otto', edit), 'First.');
  assert.deepEqual(await inspect(page), []);
  await picture(page, 'draft-kept');
  // What is kept can be left without a question, and the form has it when it is opened again.
  let asked = false;
  const accept = dialog => { asked = true; return dialog.accept(); };
  page.on('dialog', accept);
  await page.goto(`${url}/admin`);
  page.off('dialog', accept);
  assert.equal(asked, false);
  await open(page, edit);
  assert.equal(await source(page), 'First. And a draft.');
  await bar('Save', page).waitFor();
  await page.keyboard.press('Control+s');
  await flash(page).filter({ hasText: 'Version 2' }).waitFor();
  assert.equal((await sentence(page).innerText()).trim(), '');
});

test('typing goes on while a version is saved', async () => {
  const { page } = ada;
  const edit = await makePage(page, 'Typing on', 'First.');
  await page.route(edit, async route => {
    await new Promise(resolve => setTimeout(resolve, 300));
    await route.continue();
  });
  // The screen of the new page may still be loading.
  await page.waitForLoadState('load');
  let loads = 0;
  const count = () => loads++;
  page.on('load', count);
  const words = ' alpha beta gamma delta epsilon zeta';
  for (const [name, focus] of [['summary', () => page.locator('#field-summary').focus()], ['body', () => visual(page).focus()]]) {
    await focus();
    await page.keyboard.press('Control+End');
    for (const [n, letter] of [...words].entries()) {
      await page.keyboard.type(letter, { delay: 40 });
      if (n % 12 === 6) await page.keyboard.press('Control+s');
    }
    await kept(page);
    await page.keyboard.press('Control+s');
    await page.waitForFunction(() => document.querySelector('[data-draft-sentence]').textContent === '');
    assert.ok((await page.locator(`[name=${name}]`).inputValue()).endsWith(words.trimStart()), name);
  }
  await flash(page).filter({ hasText: /Version \d+ of .* is saved/ }).waitFor();
  page.off('load', count);
  await page.unroute(edit);
  assert.equal(loads, 0);
  await open(page, edit);
  assert.equal(await source(page), `First.${words}`);
});

test('a page with a list of tasks is not changed by opening it', async () => {
  const { page } = ada;
  const edit = await makePage(page, 'Tasks', '- [ ] One\n- [x] Two');
  await open(page, edit);
  assert.equal(await page.evaluate(() => dispatchEvent(new Event('beforeunload', { cancelable: true }))), true);
});

test('a draft is discarded and brought back by keys alone', async () => {
  const { page } = ada;
  const edit = await makePage(page, 'To discard', 'First.');
  await typeAtEnd(page, ' No.');
  await kept(page);
  await page.getByRole('button', { name: 'Discard draft' }).focus();
  await page.keyboard.press('Enter');
  await flash(page).filter({ hasText: 'Your draft is discarded.' }).waitFor();
  assert.equal(await source(page), 'First.');
  await flash(page).getByRole('button', { name: 'Undo' }).focus();
  await page.keyboard.press('Enter');
  await flash(page).filter({ hasText: 'Your draft is back.' }).waitFor();
  assert.equal(page.url(), edit);
  await visual(page).waitFor();
  assert.equal(await source(page), 'First. No.');
  // Typed back to what is saved, it is no draft any more.
  await visual(page).focus();
  await page.keyboard.press('Control+End');
  for (let n = 0; n < 4; n++) await page.keyboard.press('Backspace');
  await page.waitForFunction(() => document.querySelector('[data-draft-sentence]').textContent === '');
  assert.equal(await page.getByRole('button', { name: 'Discard draft' }).isVisible(), false);
});

test('a new page without a title is found again in the list of drafts', async () => {
  const { page } = ada;
  await page.goto(`${url}/admin/pages/new`);
  await typeAtEnd(page, 'Of a new page.');
  await page.waitForURL('**/new?draft=*');
  await page.goto(`${url}/admin/pages/new`);
  assert.deepEqual(await inspect(page), []);
  await picture(page, 'drafts-of-new-pages');
  await page.getByRole('link', { name: 'A page without a title' }).click();
  await visual(page).waitFor();
  assert.equal(await source(page), 'Of a new page.');
  await page.getByRole('button', { name: 'Discard draft' }).click();
  await page.waitForURL(`${url}/admin/pages`);
});

test('the tab is killed while someone types, and every word is found again, even by a clock that is a day behind', async () => {
  const { context, page } = ada;
  const edit = await makePage(page, 'To kill', 'First.');
  const tab = await context.newPage();
  await open(tab, edit);
  await typeAtEnd(tab, ' On the server.');
  await kept(tab);
  await context.setOffline(true);
  await typeAtEnd(tab, ' In this browser.');
  await copied(tab, 'In this browser.');
  await killTab(tab);
  await context.setOffline(false);
  const next = await context.newPage();
  await next.addInitScript(() => {
    const now = Date.now.bind(Date);
    Date.now = () => now() - 86_400_000;
  });
  await open(next, edit);
  await has(next, 'First. On the server. In this browser.');
  await kept(next);
  await next.close();
  assert.equal(await elsewhere('ada', edit), 'First. On the server. In this browser.');
});

test('what a killed tab has left comes back, however late the browser notices that it is gone', async () => {
  const { page, context } = ada;
  const edit = await makePage(page, 'Noticed late', 'First.');
  // Another tab waits for the lock before the one that is opened, and keeps it for a while.
  const [killed, waiting] = [await context.newPage(), await context.newPage()];
  await waiting.goto(`${url}/admin`);
  await open(killed, edit);
  await context.setOffline(true);
  await typeAtEnd(killed, ' And more.');
  await copied(waiting, ' And more.');
  await waiting.evaluate(() => {
    const key = Object.keys(localStorage).find(key => localStorage[key].includes(' And more.'));
    window.isHeld = new Promise(resolve => navigator.locks.request(`plinth:tab:${JSON.parse(localStorage[key]).tab}`, () => {
      resolve();
      return new Promise(release => { window.release = release; });
    }));
  });
  await killTab(killed);
  await context.setOffline(false);
  await waiting.evaluate(() => window.isHeld);
  await open(page, edit);
  // Longer than the editor waits before it takes what is there.
  await page.evaluate(() => new Promise(resolve => setTimeout(resolve, 1500)));
  assert.equal(await source(page), 'First.');
  await waiting.evaluate(() => window.release());
  await has(page, 'First. And more.');
  await kept(page);
  await waiting.close();
});

test('the server is killed and started again while someone types, and nothing is lost', async () => {
  const { page } = ada;
  const edit = await makePage(page, 'Away', 'First.');
  await typeAtEnd(page, ' Before.');
  await kept(page);
  await kill();
  await typeAtEnd(page, ' Meanwhile.');
  await sentence(page).filter({ hasText: 'The server cannot be reached. What you type is kept in this browser' }).waitFor();
  await typeAtEnd(page, ' Still.');
  await start();
  await sentence(page).filter({ hasText: 'saved as a draft' }).waitFor();
  await kept(page);
  assert.equal(await source(page), 'First. Before. Meanwhile. Still.');
  assert.equal(await elsewhere('ada', edit), 'First. Before. Meanwhile. Still.');
});

test('the session runs out while someone types, who signs in on the same screen and goes on', async () => {
  const { context, page } = ada;
  await makePage(page, 'Signed out', 'First.');
  await page.frameLocator('iframe[name=preview]').getByText('First.').waitFor();
  await context.clearCookies();
  await typeAtEnd(page, ' Second.');
  await sentence(page).filter({ hasText: 'You are signed out.' }).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.className.includes('editor-text')), true, 'the caret stays');
  await typeAtEnd(page, ' Third.');
  await page.keyboard.press('Control+s');
  const dialog = page.getByRole('dialog', { name: 'Sign in again' });
  await dialog.waitFor();
  assert.equal(await dialog.getByLabel('E-mail address').inputValue(), 'ada@portal.example');
  assert.deepEqual(await inspect(page), []);
  await picture(page, 'sign-in-again');
  await page.keyboard.type('not the right one');
  await page.keyboard.press('Enter');
  await dialog.getByText('The e-mail address or the password is not right').waitFor();
  await page.keyboard.type(password);
  await page.keyboard.press('Enter');
  await flash(page).filter({ hasText: 'Version 2' }).waitFor();
  assert.equal(await source(page), 'First. Second. Third.');

  // Without saving, by the button.
  await context.clearCookies();
  await typeAtEnd(page, ' Fourth.');
  await page.getByRole('button', { name: 'Sign in here' }).click();
  await dialog.waitFor();
  await page.keyboard.type(password);
  await page.keyboard.press('Enter');
  await sentence(page).filter({ hasText: 'saved as a draft' }).waitFor();
  await kept(page);
  assert.equal(await elsewhere('ada', page.url()), 'First. Second. Third. Fourth.');
});

test('the tab that is behind is told, and neither text is lost', async () => {
  const { context, page } = ada;
  const edit = await makePage(page, 'Two tabs', 'First.');
  const other = await context.newPage();
  await open(other, edit);
  await typeAtEnd(page, ' Of one tab.');
  await kept(page);
  await typeAtEnd(other, ' Of the other tab.');
  await sentence(other).filter({ hasText: 'You went on with this page in another window' }).waitFor();
  await picture(other, 'draft-apart');
  assert.equal(await elsewhere('ada', edit), 'First. Of one tab.');
  await other.keyboard.press('Control+s');
  await flash(other).filter({ hasText: 'Version 2' }).waitFor();
  await other.close();
  await page.bringToFront();
  await typeAtEnd(page, ' Still.');
  await sentence(page).filter({ hasText: 'You saved version 2 in the meantime' }).waitFor();
  await page.keyboard.press('Control+s');
  await page.getByRole('heading', { name: 'You saved version 2 in another window' }).waitFor();
  const main = await page.locator('main').innerHTML();
  assert.ok(main.includes('Of the other tab.') && main.includes('Of one tab. Still.'));
  await page.getByRole('button', { name: 'Drop what I typed' }).click();
  await page.getByText('is as it was').waitFor();
});

test('two editors change different paragraphs, then the same one, and merge by keys alone', async () => {
  const edit = await makePage(ada.page, 'Merge', 'First.\n\nMiddle.\n\nLast.');
  await open(otto.page, edit);
  await visual(ada.page).focus();
  await ada.page.keyboard.press('Control+Home');
  await ada.page.keyboard.type('Ada’s ');
  await ada.page.keyboard.press('Control+s');
  await flash(ada.page).filter({ hasText: 'Version 2' }).waitFor();
  await typeAtEnd(otto.page, ' Otto’s.');
  await sentence(otto.page).filter({ hasText: 'saved version 2 in the meantime' }).waitFor();
  await otto.page.keyboard.press('Control+s');
  await flash(otto.page).filter({ hasText: 'It joins your change of the text with version 2' }).waitFor();
  assert.equal(await source(otto.page), 'Ada’s First.\n\nMiddle.\n\nLast. Otto’s.');
  // Ada has not seen that, and writes in the same paragraph.
  await typeAtEnd(ada.page, ' Ada’s.');
  await ada.page.keyboard.press('Control+s');
  await ada.page.getByRole('heading', { name: /saved version 3 while you were writing/ }).waitFor();
  assert.deepEqual(await inspect(ada.page), []);
  await picture(ada.page, 'clash-on-a-paragraph');
  // Only that paragraph is to be chosen.
  const mine = ada.page.locator('textarea[name^="body."]');
  assert.equal(await mine.inputValue(), 'Last. Ada’s.');
  assert.equal(await ada.page.locator('textarea[readonly]').inputValue(), 'Last. Otto’s.');
  await mine.focus();
  await ada.page.keyboard.press('Control+End');
  await ada.page.keyboard.type(' Otto’s.');
  assert.equal(await ada.page.getByLabel('Use the text below', { exact: false }).isChecked(), true);
  await ada.page.keyboard.press('Control+s');
  await flash(ada.page).filter({ hasText: 'Version 4' }).waitFor();
  assert.equal(await source(ada.page), 'Ada’s First.\n\nMiddle.\n\nLast. Ada’s. Otto’s.');
  assert.equal((await sentence(ada.page).innerText()).trim(), '');
});

test('who else has the page open is shown, until they leave', async () => {
  const edit = await makePage(ada.page, 'Together', 'First.');
  await open(otto.page, edit);
  await otto.page.locator('[data-presence]').filter({ hasText: /Ada Admin.? has this page open too\./ }).waitFor();
  await ada.page.locator('[data-presence]').filter({ hasText: /Otto Editor.? has this page open too\./ }).waitFor();
  await picture(ada.page, 'presence');
  await otto.page.goto(`${url}/admin`);
  await ada.page.waitForFunction(() => document.querySelector('[data-presence]').textContent === '');
});

test('without a script what was refused is kept as a draft', async () => {
  const edit = await makePage(ada.page, 'Plain', 'First.');
  const plain = await openBrowser({ javaScriptEnabled: false, storageState: await ada.context.storageState() });
  await plain.page.goto(edit);
  await plain.page.locator('#field-title').fill('');
  await field(plain.page).fill('First. Without a script.');
  await bar('Save', plain.page).click();
  await plain.page.locator('.error-summary').waitFor();
  await plain.page.goto(edit);
  assert.equal(await field(plain.page).inputValue(), 'First. Without a script.');
  await plain.page.locator('#field-title').fill('Plain');
  await bar('Save', plain.page).click();
  await flash(plain.page).filter({ hasText: 'is saved' }).waitFor();
  assert.equal((await sentence(plain.page).innerText()).trim(), '');
  await plain.leave();
});

test('nothing was wrong in either browser', async () => {
  await ada.leave();
  await otto.leave();
});
