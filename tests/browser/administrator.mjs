// What the first administrator does, from the printed link to signing out; and two editors at once.
import assert from 'node:assert/strict';
import { beside, field, inspect, leaveTo, openBrowser, picture, publish, setupLink, test, url, visual, write } from './browser.mjs';

export const email = 'ada@portal.example';
export const password = 'twelve brave otters crossed';

// Ada stays signed in for the tests that follow.
export const ada = await openBrowser();
const { page } = ada;
const button = name => page.getByRole('button', { name });

async function save(name) {
  await page.locator('.title-bar').getByRole('button', { name }).click();
  await page.locator('.flash').filter({ hasText: /version|saved|published/i }).waitFor();
}

async function visitorSees(path, text) {
  const visitor = await openBrowser();
  await visitor.page.goto(url + path);
  const seen = (await visitor.page.locator('main').innerText()).includes(text);
  await visitor.leave();
  return seen;
}

test('the printed link makes the first administrator, once', async () => {
  await page.goto(setupLink);
  assert.deepEqual(await inspect(page), []);
  await page.getByLabel('Your name').fill('Ada Admin');
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill('password1234');
  await page.locator('main button[type=submit], main form button').last().click();
  await page.getByRole('heading', { name: 'There is a problem' }).waitFor();
  await page.getByLabel('Password').fill(password);
  await page.locator('main form button').last().click();
  await page.waitForURL(`${url}/admin`);
  await page.getByRole('heading', { level: 1, name: 'Dashboard' }).waitFor();
  await picture(page, 'dashboard');
  await button('Sign out').click();
  const answer = await page.goto(setupLink);
  assert.ok(answer.status() >= 400, 'the link is used up');
});

test('she signs in', async () => {
  await page.goto(`${url}/admin/pages`);
  await page.waitForURL('**/admin/sign-in?next=*');
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill('not the right one');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'There is a problem' }).waitFor();
  await page.getByLabel('Password').fill(password);
  await page.keyboard.press('Enter');
  await page.waitForURL(`${url}/admin/pages`);
});

test('a preview has its true width, is one stop, and shows what is typed in a form with faults', async () => {
  await page.goto(`${url}/admin/pages/new`);
  await beside(page, 'Preview');
  await write(page, 'Not saved, with [a link](/faq).');
  await page.locator('.title-bar').getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { name: 'There is a problem' }).waitFor();
  const frame = page.locator('iframe[name=preview]');
  const preview = page.frameLocator('iframe[name=preview]');
  await preview.getByText('Not saved, with').waitFor();
  assert.equal(await frame.evaluate(iframe => iframe.contentWindow.innerWidth), 1280);
  const [shown, room] = await frame.evaluate(iframe => [iframe, iframe.parentElement].map(e => e.getBoundingClientRect().width));
  assert.ok(shown <= room && shown > room - 5, `${shown} of ${room} px`);
  await page.locator('input[value=desktop]').focus();
  // To the link to the whole site, then to the frame.
  for (const name of ['a', 'iframe']) {
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.localName), name);
  }
  await page.keyboard.press('Tab');
  assert.notEqual(await page.evaluate(() => document.activeElement.localName), 'iframe');
  const popup = page.context().waitForEvent('page');
  await preview.getByRole('link', { name: 'a link' }).click();
  await (await popup).close();
  assert.equal(await preview.getByText('Not saved, with').count(), 1, 'a link that is clicked leaves the preview');
  await leaveTo(page, `${url}/admin/pages`);
});

test('she edits the Foundation page: a draft in the preview, the old text for visitors, then live', async () => {
  await page.goto(`${url}/admin/pages?q=foundation`);
  await page.getByRole('link', { name: 'Foundation', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'Foundation' }).waitFor();
  const sentence = 'This sentence was added on a Monday morning.';
  const body = page.getByLabel('Text', { exact: false }).first();
  await page.getByText('There is nothing newer to publish.').waitFor();
  const before = await field(page).inputValue();
  await visual(page).focus();
  for (const key of ['Control+End', 'Enter']) await page.keyboard.press(key);
  await page.keyboard.type(sentence);
  assert.equal(await field(page).inputValue(), `${before}\n\n${sentence}`);
  assert.equal(await page.getByText('There is nothing newer to publish.').count(), 0, 'what is typed is newer');
  assert.equal(await page.getByRole('button', { name: /^Publish version 2/ }).getAttribute('title'), null);
  const preview = page.frameLocator('iframe[name=preview]');
  await preview.getByText(sentence).waitFor();
  await picture(page, 'editor');
  await save('Save');
  await page.locator('.flash', { hasText: /Version 2 of “\u2068Foundation\u2069” is saved/ }).waitFor();
  assert.equal(await visitorSees('/scheme/levels/foundation', sentence), false, 'a draft is not public');
  await page.frameLocator('iframe[name=preview]').getByText(sentence).waitFor();
  await publish(page);
  assert.equal(await visitorSees('/scheme/levels/foundation', sentence), true, 'published is public at once');
  assert.ok(body);
});

test('the slug follows the title until she writes one', async () => {
  const fresh = await ada.context.newPage();
  await fresh.goto(`${url}/admin/pages/new`);
  await beside(fresh, 'Details');
  const slug = fresh.locator('#field-slug');
  const becomes = (value) => fresh.waitForFunction((value) => document.querySelector('#field-slug').value === value, value);
  await fresh.locator('#field-title').fill('Łódź');
  await becomes('lodz');
  await fresh.locator('#field-title').fill('Москва 2026');
  await becomes('moskva-2026');
  await slug.fill('my-own');
  await fresh.locator('#field-title').fill('Another title');
  await fresh.waitForTimeout(600);
  assert.equal(await slug.inputValue(), 'my-own');
  await fresh.close();
});

test('she renames its slug, and the old path leads on', async () => {
  await beside(page, 'Details');
  await page.locator('#field-slug').fill('foundation-level');
  await page.locator('#field-note').fill('A clearer path');
  await publish(page);
  const visitor = await openBrowser();
  await visitor.page.goto(`${url}/scheme/levels/foundation`);
  assert.equal(visitor.page.url(), `${url}/scheme/levels/foundation-level`);
  await visitor.page.getByText('See what changed').click();
  await visitor.page.getByText('A clearer path').waitFor();
  await visitor.leave();
});

test('two editors at once see both texts', async () => {
  await page.goto(`${url}/admin/pages?q=recognition`);
  await page.locator('tbody a').first().click();
  await page.getByRole('heading', { level: 1 }).waitFor();
  const address = page.url();
  const other = await ada.context.newPage();
  await other.goto(address);
  await write(other, 'What the other one wrote.');
  await other.locator('.title-bar').getByRole('button', { name: 'Save' }).click();
  await other.locator('.flash').waitFor();
  await other.close();
  await write(page, 'What Ada wrote.');
  await page.locator('[data-draft-sentence]', { hasText: 'saved as a draft' }).waitFor();
  await page.locator('.title-bar').getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { name: 'You saved version 2 in another window' }).waitFor();
  await picture(page, 'conflict');
  const mine = page.locator('textarea[name^="body."]');
  assert.equal(await page.locator('textarea[readonly]').inputValue(), 'What the other one wrote.');
  assert.equal(await mine.inputValue(), 'What Ada wrote.');
  assert.deepEqual(await inspect(page), []);
  await page.getByRole('button', { name: /Save as version/ }).first().click();
  await page.getByRole('heading', { name: 'There is a problem' }).waitFor();
  assert.equal(await mine.inputValue(), 'What Ada wrote.', 'nothing is chosen for her');
  // A user who types into a text has chosen it.
  await mine.press('End');
  await page.keyboard.type(' And more.');
  assert.equal(await page.getByLabel('Use the text below', { exact: false }).isChecked(), true);
  await page.getByRole('button', { name: /Save as version/ }).first().click();
  await page.locator('.flash', { hasText: 'is saved' }).waitFor();
  // What she decided is what she goes on with.
  assert.equal(await field(page).inputValue(), 'What Ada wrote. And more.');
  assert.equal((await page.locator('[data-draft-sentence]').innerText()).trim(), '');
});

test('she adds and reorders a question', async () => {
  await page.goto(`${url}/admin/faq/new`);
  await page.locator('#field-title').fill('Is there a question about Mondays?');
  await write(page, 'There is **one** now.');
  await beside(page, 'Details');
  await page.locator('#field-category').selectOption({ index: 1 });
  await publish(page);
  assert.equal(await visitorSees('/faq', 'Is there a question about Mondays?'), true);
  await page.goto(`${url}/admin/faq`);
  const before = await places();
  await page.getByRole('button', { name: /Move .*Mondays.* up/i }).click();
  await page.locator('.flash', { hasText: 'has moved to its new place' }).waitFor();
  const after = await places();
  assert.equal(after, before - 1);
});

async function places() {
  const visitor = await openBrowser();
  await visitor.page.goto(`${url}/faq`);
  const questions = await visitor.page.locator('main details[id] summary').allInnerTexts();
  await visitor.leave();
  return questions.findIndex(question => question.includes('Mondays'));
}

test('she answers the message', async () => {
  await page.goto(`${url}/admin`);
  await page.getByRole('navigation', { name: 'Admin' }).getByRole('link', { name: /Messages/ }).click();
  await page.getByRole('link', { name: /Vera Visitor/ }).first().click();
  await page.getByText('Which part of the standard is about cloud services').first().waitFor();
  await page.locator('#field-answer').fill('Part 9 was; it has been withdrawn.');
  await page.locator('#field-note').fill('Half a note');
  await page.getByRole('button', { name: 'Assign to me' }).click();
  await page.locator('.flash', { hasText: 'The message is assigned to' }).waitFor();
  assert.equal(await page.locator('#field-answer').inputValue(), 'Part 9 was; it has been withdrawn.');
  assert.equal(await page.locator('#field-note').inputValue(), 'Half a note');
  await page.locator('#field-note').fill('');
  await page.getByRole('button', { name: 'Save the answer' }).click();
  await page.getByRole('heading', { name: 'Answer saved, not sent yet' }).waitFor();
  await page.getByRole('link', { name: 'Write in your mail program' }).waitFor();
  await page.getByRole('button', { name: 'I sent it: mark as answered' }).click();
  // No other message waits: back to the list.
  await page.getByText('Nothing waits for an answer').waitFor();
  await page.getByRole('link', { name: /^Answered/ }).click();
  await page.getByRole('link', { name: /Vera Visitor/ }).first().click();
  await page.getByRole('heading', { name: 'The answer', exact: true }).waitFor();
  await picture(page, 'message');
});

test('she invites an editor, who comes in by the link', async () => {
  await page.goto(`${url}/admin/users/new`);
  await page.locator('#field-name').fill('Edith Editor');
  await page.locator('#field-email').fill('edith@portal.example');
  await page.locator('#field-role').selectOption('editor');
  await page.getByRole('button', { name: /invite/i }).click();
  await page.getByLabel('Your password').fill(password);
  assert.deepEqual(await inspect(page), []);
  await page.getByRole('button', { name: 'Confirm and go on' }).click();
  const link = await page.locator('.copy textarea').first().inputValue();
  const edith = await openBrowser();
  assert.deepEqual(await inspect(page), []);
  await edith.page.goto(link);
  assert.deepEqual(await inspect(edith.page), []);
  await edith.page.getByLabel('Password').fill('seven quiet herons waited');
  await edith.page.locator('main form button').last().click();
  await edith.page.waitForURL(`${url}/admin`);
  assert.equal(await edith.page.getByRole('link', { name: 'Settings' }).count(), 0);
  assert.equal((await edith.page.goto(`${url}/admin/settings`)).status(), 403);
  await edith.leave();
});
