// Passkeys with the authenticator that Chromium has for tests: adding one, signing in with it, confirming with it, losing it.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { addUser, kill, password, startWithName } from './program.mjs';

const email = 'ada@portal.example';
addUser(email, 'Ada Admin', 'administrator');
process.env.PLINTH_URL = await startWithName('localhost');
after(kill);
const { inspect, openBrowser, picture, test, url } = await import('./browser.mjs');

const ada = await openBrowser();
const { page } = ada;
const button = (name, within = page) => within.getByRole('button', { name, exact: true });
const devices = await page.context().newCDPSession(page);
let device;

// A device that has passkeys and is unlocked at once.
async function addDevice() {
  const options = { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true };
  ({ authenticatorId: device } = await devices.send('WebAuthn.addVirtualAuthenticator', { options }));
}

await devices.send('WebAuthn.enable');
await addDevice();
// What the browser offers in a field by itself, nobody could choose here.
await page.addInitScript(() => {
  if (window.PublicKeyCredential) PublicKeyCredential.isConditionalMediationAvailable = async () => false;
});

async function signInWithPassword() {
  await page.goto(`${url}/admin/sign-in?next=/admin/account`);
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.keyboard.press('Enter');
}

async function signOut() {
  await button('Sign out').first().click();
  await page.waitForURL('**/admin/sign-in?*');
}

let codes;

test('a passkey is added on the account screen, and recovery codes come with it', async () => {
  await signInWithPassword();
  await page.waitForURL(`${url}/admin/account`);
  await button('Add a passkey').click();
  await page.getByLabel('Your password').fill(password);
  await button('Confirm and go on').click();
  await page.waitForURL(`${url}/admin/account/passkeys/new`);
  assert.match(await page.getByLabel('Name of the passkey').inputValue(), /^Chrome on /);
  assert.deepEqual(await inspect(page), []);
  await page.getByLabel('Name of the passkey').fill('Telephone');
  await button('Add a passkey').click();
  await page.getByRole('heading', { level: 1, name: 'Keep your recovery codes' }).waitFor();
  codes = await page.locator('.recovery-codes code').allInnerTexts();
  assert.equal(codes.length, 10);
  await page.getByRole('link', { name: 'I have kept them' }).click();
  await page.getByRole('row', { name: /Telephone/ }).waitFor();
  assert.deepEqual(await inspect(page), []);
  await picture(page, 'passkeys');
});

test('the same device adds no second one', async () => {
  await button('Add a passkey').click();
  await page.waitForURL(`${url}/admin/account/passkeys/new`);
  await button('Add a passkey').click();
  await page.getByText('This device has a passkey for your account already.').waitFor();
});

test('it signs in alone', async () => {
  await page.goto(`${url}/admin/account`);
  await signOut();
  await page.goto(`${url}/admin/sign-in?next=/admin/account`);
  await button('Sign in with a passkey').waitFor();
  assert.deepEqual(await inspect(page), []);
  await button('Sign in with a passkey').click();
  await page.waitForURL(`${url}/admin/account`);
  const { credentials } = await devices.send('WebAuthn.getCredentials', { authenticatorId: device });
  assert.equal(credentials.length, 1);
  assert.equal(credentials[0].rpId, 'localhost');
});

test('it confirms in place of the password', async () => {
  await button('Make new recovery codes').click();
  await button('Use a passkey').waitFor();
  assert.deepEqual(await inspect(page), []);
  await button('Use a passkey').click();
  await page.getByRole('heading', { level: 1, name: 'Keep your recovery codes' }).waitFor();
  codes = await page.locator('.recovery-codes code').allInnerTexts();
});

test('when the device is lost, the password alone is not enough, and a recovery code is', async () => {
  await devices.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId: device });
  await addDevice();
  await signOut();
  await page.goto(`${url}/admin/sign-in?next=/admin/account`);
  await button('Sign in with a passkey').click();
  await page.getByText('Nothing was done.').waitFor();
  await signInWithPassword();
  await page.waitForURL(`${url}/admin/sign-in/code`);
  await page.getByLabel('Code').fill(codes[0]);
  await page.keyboard.press('Enter');
  await page.waitForURL(`${url}/admin/account`);
  await button('Remove the passkey Telephone').click();
  await button('Remove', page.locator('dialog[open]')).click();
  await page.getByLabel('Your password').fill(password);
  await button('Confirm and go on').click();
  await page.getByText('The passkey was removed here.').waitFor();
  await page.getByText('Your password alone lets you in.').waitFor();
  await ada.leave();
});
