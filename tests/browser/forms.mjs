// Nothing that was typed is lost: twice sent, left, offline, signed out, cut; and keys act on the form that has the focus.
import assert from 'node:assert/strict';
import { ada, email, password } from './administrator.mjs';
import { beside, inspect, leaveTo, openBrowser, picture, test, url, visual, write, writeMarkdown } from './browser.mjs';

const { context, page } = ada;
const title = () => page.locator('#field-title');
const body = () => page.locator('#field-body');
const notice = page.locator('.notice');
const flash = page.locator('.flash');
const bar = (name, on = page) => on.locator('.title-bar').getByRole('button', { name });

// Opens the list and the page that a search finds.
async function open(words, on = page) {
  await on.goto(`${url}/admin/pages?q=${words}`);
  await on.locator('tbody a').first().click();
  await visual(on).waitFor();
}

// Leaves by a link; says whether the browser asked, and stays.
async function asks(on = page) {
  let asked = false;
  const stay = async dialog => { asked = true; await dialog.dismiss(); };
  on.on('dialog', stay);
  await on.locator('a.skip').evaluate(link => { document.querySelector('.sidebar nav a, a[href]:not(.skip)').click(); return link; });
  await on.waitForTimeout(300);
  on.off('dialog', stay);
  return asked;
}

test('a double click makes one page, with a script and without', async () => {
  const plain = await context.browser().newContext({ javaScriptEnabled: false, storageState: await context.storageState() });
  for (const [on, name] of [[page, 'Clicked twice'], [await plain.newPage(), 'Plainly clicked twice']]) {
    await on.goto(`${url}/admin/pages/new`);
    await on.locator('#field-title').fill(name);
    await bar('Save', on).dblclick();
    await on.locator('.flash').waitFor();
    assert.match(await on.locator('.flash').innerText(), /is saved/);
    await on.goto(`${url}/admin/pages?q=${encodeURIComponent(name)}`);
    assert.equal(await on.locator('tbody th a', { hasText: new RegExp(`^${name}`) }).count(), 1);
  }
  await plain.close();
});

test('a form that came back is kept as a draft, which can be gone on with', async () => {
  await page.goto(`${url}/admin/pages/new`);
  await write(page, 'Typed without a title.');
  await bar('Save').click();
  await page.locator('.error-summary').waitFor();
  assert.equal(await body().inputValue(), 'Typed without a title.');
  await page.goto(`${url}/admin`);
  await page.goto(`${url}/admin/pages/new`);
  // The newest is the first; other tests left theirs.
  const drafts = page.getByRole('link', { name: /A page without a title|Brought back/ });
  const offered = await drafts.count();
  await drafts.first().click();
  await visual(page).waitFor();
  assert.equal(await body().inputValue(), 'Typed without a title.');
  await title().fill('Brought back');
  await bar('Save').click();
  await flash.waitFor();
  await page.goto(`${url}/admin/pages/new`);
  assert.equal(await drafts.count(), offered - 1, 'what is saved is not offered');
});

test('what is typed in the settings asks before it is left, and is offered later', async () => {
  await page.goto(`${url}/admin/settings`);
  await page.locator('#field-tagline').fill('Typed and left');
  assert.equal(await asks(), true);
  await leaveTo(page, `${url}/admin`);
  await page.goto(`${url}/admin/settings`);
  await page.getByText('was not saved').waitFor();
  assert.deepEqual(await inspect(page), []);
  await picture(page, 'copy-offered');
  await page.getByRole('button', { name: 'Restore it' }).click();
  assert.equal(await page.locator('#field-tagline').inputValue(), 'Typed and left');
  await leaveTo(page, `${url}/admin`);
  await page.evaluate(() => localStorage.clear());
});

test('a save that reaches nobody keeps the page and says so', async () => {
  await open('Brought');
  await write(page, 'Written on a train.');
  await context.setOffline(true);
  await bar('Save').click();
  await notice.filter({ hasText: 'Not saved.' }).waitFor();
  assert.equal(await body().inputValue(), 'Written on a train.');
  assert.equal(await asks(), true);
  await context.setOffline(false);
  assert.deepEqual(await inspect(page), []);
  await bar('Save').click();
  await flash.filter({ hasText: 'is saved' }).waitFor();
  assert.equal(await body().inputValue(), 'Written on a train.');
});

test('the end of the session is noticed while typing', async () => {
  await open('Brought');
  await page.frameLocator('iframe[name=preview]').getByText('Written on a train.').waitFor();
  await context.clearCookies();
  await visual(page).pressSequentially('And more. ');
  await notice.filter({ hasText: 'You have been signed out.' }).waitFor();
  await bar('Save').click();
  const dialog = page.getByRole('dialog', { name: 'Sign in again' });
  assert.equal(await dialog.getByLabel('E-mail address').inputValue(), email);
  const typed = await body().inputValue();
  assert.match(typed, /And more\./);
  await dialog.getByLabel('Password').fill(password);
  await page.keyboard.press('Enter');
  await flash.filter({ hasText: 'is saved' }).waitFor();
  assert.equal(await body().inputValue(), typed.trim());
});

test('without a script the text is shown to who was signed out', async () => {
  const plain = await context.browser().newContext({ javaScriptEnabled: false, storageState: await context.storageState() });
  const form = await plain.newPage();
  await form.goto(`${url}/admin/pages/new`);
  await form.locator('#field-title').fill('Signed out');
  await form.locator('#field-body').fill('A text\nof two lines.');
  await plain.clearCookies();
  await bar('Save', form).click();
  await form.getByText('Nothing you typed is lost.').waitFor();
  assert.equal(await form.getByRole('textbox', { name: 'Text' }).inputValue(), 'A text\nof two lines.');
  await plain.addCookies((await context.storageState()).cookies);
  await form.getByRole('button', { name: 'Send it again: Save' }).click();
  await form.locator('.flash').waitFor();
  assert.equal(await form.locator('#field-body').inputValue(), 'A text\nof two lines.');
  await plain.close();
});

test('Ctrl+Enter shows what would become public, and pressed again publishes', async () => {
  await open('recognition');
  await visual(page).focus();
  await page.keyboard.press('Control+End');
  await page.keyboard.type(' Once more.');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('heading', { name: 'What changes for visitors' }).waitFor();
  await page.locator('.sheet .diff ins').filter({ hasText: 'Once more.' }).waitFor();
  assert.deepEqual(await inspect(page), []);
  await picture(page, 'publish-asked');
  await page.getByRole('link', { name: 'Not now' }).click();
  await page.waitForFunction(() => document.activeElement?.classList.contains('editor-text'));
  await page.keyboard.press('Control+Enter');
  await page.getByRole('heading', { name: 'What changes for visitors' }).waitFor();
  await page.keyboard.press('Control+Enter');
  await flash.filter({ hasText: 'is published' }).waitFor();
});

test('Ctrl+S saves the form that has the focus and stays where it was', async () => {
  await open('recognition');
  await writeMarkdown(page, Array.from({ length: 80 }, (_, line) => `Line ${line}.`).join('\n\n'));
  await visual(page).getByText('Line 70.').click();
  await page.keyboard.press('Home');
  for (let n = 0; n < 4; n++) await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Control+s');
  await flash.waitFor();
  await page.waitForFunction(() => document.activeElement?.id === 'field-body-visual');
  await page.keyboard.type('!');
  assert.match(await body().inputValue(), /Line! 70\./);
  // The same for those who write Markdown.
  await page.getByRole('button', { name: 'Markdown', exact: true }).click();
  await body().evaluate(area => area.setSelectionRange(70, 70));
  await page.keyboard.press('Control+s');
  await flash.waitFor();
  await page.waitForFunction(() => document.activeElement?.id === 'field-body');
  assert.equal(await body().evaluate(area => area.selectionStart), 70);
  await page.getByRole('button', { name: 'Visual', exact: true }).click();
  // A field of another form: nothing is saved by mistake.
  await beside(page, 'Details');
  await page.locator('#field-note').fill('typed but not meant to be saved');
  await page.locator('.sidebar-search button').focus();
  await page.keyboard.press('Control+s');
  await page.waitForTimeout(300);
  assert.equal(await page.locator('#field-note').inputValue(), 'typed but not meant to be saved');
  await leaveTo(page, `${url}/admin/messages?folder=answered`);
});

test('text boxes are as high as their rows', async () => {
  await page.goto(`${url}/admin/pages/new`);
  await page.getByRole('button', { name: 'Markdown', exact: true }).click();
  const lines = await body().evaluate(area => area.clientHeight / parseFloat(getComputedStyle(area).lineHeight));
  assert.ok(lines >= 22, `${lines} lines`);
  await page.getByRole('button', { name: 'Visual', exact: true }).click();
});

test('what is pasted is kept, counted and refused with its number', async () => {
  const visitor = await openBrowser();
  await visitor.page.goto(`${url}/contact`);
  await visitor.page.locator('#field-body').focus();
  await visitor.page.keyboard.insertText('x'.repeat(7522));
  await visitor.page.getByText('2,522 characters too many').waitFor();
  await visitor.page.getByRole('button', { name: 'Send message' }).click();
  await visitor.page.getByText('it has 7,522').first().waitFor();
  assert.equal((await visitor.page.locator('#field-body').inputValue()).length, 7522);
  assert.deepEqual(await inspect(visitor.page), []);
  await visitor.leave();
  await page.goto(`${url}/admin/pages/new`);
  await page.locator('#field-summary').focus();
  await page.keyboard.insertText('y'.repeat(600));
  await page.getByText('200 characters too many').waitFor();
  assert.equal((await page.locator('#field-summary').inputValue()).length, 600);
  await leaveTo(page, `${url}/admin`);
  await page.evaluate(() => localStorage.clear());
});

test('a word as long as a line widens no screen', async () => {
  const long = 'Donaudampfschifffahrtsgesellschaftskapitaensmuetzenabzeichenverordnungsentwurf';
  await page.goto(`${url}/admin/pages/new`);
  for (const field of ['title', 'note', 'owner']) await page.locator(`#field-${field}`).fill(long);
  await bar('Save').click();
  await flash.waitFor();
  const made = new URL(page.url()).pathname;
  await page.goto(`${url}/admin/faq/categories/new`);
  await title().fill(long);
  await page.locator('.title-bar button').click();
  await flash.waitFor();
  const visitor = await openBrowser();
  await visitor.page.goto(`${url}/contact`);
  await visitor.page.locator('#field-topic').selectOption({ index: 1 });
  await visitor.page.locator('#field-name').fill(long);
  await visitor.page.locator('#field-email').fill(`${long.slice(0, 60)}@${long.slice(0, 60)}.example`);
  await visitor.page.locator('#field-body').fill(long);
  await visitor.page.locator('#field-consent').check();
  await visitor.page.getByRole('button', { name: /send/i }).click();
  await visitor.page.waitForURL('**/contact?sent=*');
  await visitor.leave();
  const versions = `/admin/documents/${made.split('/').pop()}/revisions`;
  const wide = [];
  for (const width of [320, 800]) {
    await page.setViewportSize({ width, height: 900 });
    for (const path of ['/admin', '/admin/pages', `/admin/pages?q=${long.slice(0, 20)}`, made, `${made}/move`, `${made}/delete`, versions,
      `${versions}/1`, '/admin/faq', '/admin/faq/categories', '/admin/messages', '/admin/audit-log', `/admin/search?q=${long}`]) {
      await page.goto(url + path);
      const needed = await page.evaluate(() => document.documentElement.scrollWidth);
      if (needed > width) wide.push(`${path} at ${width}: ${needed}`);
    }
  }
  await page.setViewportSize({ width: 1280, height: 900 });
  assert.deepEqual(wide, []);
});

test('a row is dragged beside another', async () => {
  await page.goto(`${url}/admin/faq/categories`);
  const names = () => page.locator('#_order tr').evaluateAll(rows => rows.map(row => row.dataset.name));
  const before = await names();
  const handle = await page.locator('#_order tr .handle').nth(2).boundingBox();
  const first = await page.locator('#_order tr').first().boundingBox();
  await page.mouse.move(handle.x + 5, handle.y + 5);
  await page.mouse.down();
  await page.mouse.move(handle.x + 5, first.y + 2, { steps: 8 });
  const moved = page.waitForResponse(response => response.url().includes('/position'));
  await page.mouse.up();
  await moved;
  await page.waitForFunction(name => document.querySelector('#_order tr').dataset.name === name, before[2]);
  await page.reload();
  assert.deepEqual(await names(), [before[2], before[0], before[1], ...before.slice(3)]);
});

test('Ctrl+S acts on the section that has the focus, and changes no state', async () => {
  await page.goto(`${url}/admin/messages`);
  await page.locator('tbody th a').first().click();
  const tag = page.locator('.state .tag');
  const state = await tag.innerText();
  await page.locator('#field-answer').fill('Half an answer.');
  await page.locator('#field-assignee').selectOption({ label: 'Ada Admin' });
  await page.locator('#field-note').fill('A note');
  await page.locator('#field-note').press('Control+s');
  await flash.filter({ hasText: 'Note added. Kept for you, but not saved: answer, assignment.' }).waitFor();
  assert.equal(await page.locator('section[aria-labelledby=_notes]').getByText('A note').count(), 1);
  assert.equal(await page.locator('#field-note').inputValue(), '');
  assert.equal(await page.locator('#field-answer').inputValue(), 'Half an answer.');
  assert.equal(await page.locator('#field-assignee option:checked').innerText(), 'Ada Admin');
  assert.deepEqual(await inspect(page), []);
  await page.goto(`${url}/admin/messages`);
  await page.getByText('Not saved: answer, assignment').waitFor();
  assert.deepEqual(await inspect(page), []);
  await page.locator('tbody th a').first().click();
  await page.locator('#field-answer').press('Control+s');
  await flash.filter({ hasText: 'Answer saved, not sent yet.' }).waitFor();
  assert.equal(await tag.innerText(), state);
});

test('a link on the screen asks before it loses what is not saved', async () => {
  await page.goto(`${url}/admin/faq`);
  await page.locator('tbody th.cell-text a').first().click();
  await visual(page).waitFor();
  await beside(page, 'Details');
  await page.locator('#field-note').fill('A draft');
  await bar('Save').click();
  await flash.filter({ hasText: 'is saved' }).waitFor();
  await page.locator('#field-note').fill('Typed beside it.');
  const asked = new Promise(resolve => page.once('dialog', dialog => dialog.dismiss().then(() => resolve(dialog.type()))));
  await page.getByRole('link', { name: 'Discard changes' }).click({ noWaitAfter: true });
  assert.equal(await asked, 'beforeunload');
  assert.equal(await page.locator('#field-note').inputValue(), 'Typed beside it.');
  await leaveTo(page, `${url}/admin`);
  await page.evaluate(() => localStorage.clear());
});

test('a message that cannot be sent stays on its page', async () => {
  const visitor = await openBrowser();
  const form = visitor.page;
  await form.goto(`${url}/contact`);
  await form.locator('#field-name').fill('Nadia Offline');
  await form.getByRole('button', { name: 'Send message' }).click();
  await form.locator('.error-summary:focus').waitFor();
  assert.equal(await form.locator('#field-name').inputValue(), 'Nadia Offline');
  await form.locator('#field-body').fill('x'.repeat(5001));
  await form.getByText('1 character too many').waitFor();
  await form.locator('#field-body').fill('Written on a train.');
  await form.locator('#field-topic').selectOption({ index: 1 });
  await form.locator('#field-email').fill('nadia@visitor.example');
  await form.locator('#field-consent').check();
  await visitor.context.setOffline(true);
  await form.getByRole('button', { name: 'Send message' }).click();
  await form.getByRole('alert').filter({ hasText: 'the server cannot be reached' }).waitFor();
  assert.equal(await form.locator('#field-body').inputValue(), 'Written on a train.');
  await visitor.context.setOffline(false);
  assert.deepEqual(await inspect(form), []);
  await form.getByRole('button', { name: 'Send message' }).click();
  await form.waitForURL('**/contact?sent=*');
  await visitor.leave();
});

test('typing after a pause tells why the session has ended', async () => {
  await page.goto(`${url}/admin/settings`);
  const cookies = await context.cookies();
  await context.addCookies([{ name: 'plinth', value: 'AAAAAAAAAAAAAAAAAAAAAA', url }]);
  await page.evaluate(() => {
    const now = Date.now;
    Date.now = () => now() + 60_000;
  });
  await page.locator('#field-tagline').pressSequentially('!');
  await notice.filter({ hasText: 'You were signed out because your session was ended' }).waitFor();
  const plain = await context.browser().newContext();
  await plain.addCookies([{ name: 'plinth', value: 'AAAAAAAAAAAAAAAAAAAAAA', url }]);
  const signIn = await plain.newPage();
  await signIn.goto(`${url}/admin/settings`);
  await signIn.getByText('Sign in to go on.').waitFor();
  assert.deepEqual(await inspect(signIn), []);
  await plain.close();
  await context.addCookies(cookies);
  await page.evaluate(() => window.dispatchEvent(new Event('focus')));
  await notice.filter({ hasText: 'You are signed in again.' }).waitFor();
  await leaveTo(page, `${url}/admin`);
  await page.evaluate(() => localStorage.clear());
});
