import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RecipientSite, startRecipientSite } from '../support/recipient-site';
import { formOfAct, signInAs } from '../support/staff';

let site: RecipientSite;

beforeAll(async () => {
  site = await startRecipientSite();
});
afterAll(() => site.stop());

describe('the console', () => {
  it('sends whoever is not signed in to the sign-in page, and remembers where they wanted to go', async () => {
    const answer = await site.visitor().get('/admin');
    expect(answer).toMatchObject({ status: 303, location: '/admin/sign-in' });
  });

  it('shows its home to a member of staff, in Japanese, with the menu of their role', async () => {
    const { visitor } = await signInAs(site, 'operator', { name: '運用 花子' });
    const page = await visitor.get('/admin');
    expect(page.status).toBe(200);
    expect(page.text).toContain('運用 花子');
    expect(page.text).toContain('受取人をさがす');
    expect(page.text).not.toContain('/admin/staff"');
    expect(formOfAct(page.text, 'sign_out').map(([name]) => name)).toEqual(['token', 'act']);
  });
});
