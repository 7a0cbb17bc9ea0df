// A stay from sign-in to exit: requests signed and typed, pushes received and verified, all by client/node.
// Run it with: node --test park.test.mjs, where etcp-mock is on the PATH; the mock is started for it.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Code } from '@etcp-mock/client';
import { withSandbox } from '@etcp-mock/client/testing';

test('a car parks and its owner pays', withSandbox(async (sandbox) => {
  const plateNumber = '渝ATX061';
  const platform = sandbox.client;
  const inbox = await sandbox.inbox();
  const token = await platform.userSignin({ mobilePhone: '13800000001', appId: 'my-app' });
  await platform.bindCar({ token, plateNumber });

  await sandbox.enter(plateNumber);
  assert.equal((await inbox.next('entry')).plateNumber, '渝****61');

  await sandbox.advance('1h30m'); // the clock stands until the test moves it
  const [owed] = await platform.orderUnpay({ token, plateNumber });
  assert.equal(owed.remainingFee, '10.0');

  const pay = { token, orderId: owed.orderId, externalOrderId: 'E1', payTime: await sandbox.now(), verificationInfo: owed.verificationInfo };
  await assert.rejects(platform.orderPaid({ ...pay, payment: 9 }), { code: Code.WRONG_AMOUNT, reason: 'payment-mismatch' });
  await platform.orderPaid({ ...pay, payment: owed.remainingFee });
  await sandbox.saw('orderpaid', { payment: 10 }, { code: 0 });

  await sandbox.exit(plateNumber);
  assert.equal((await inbox.next('exit')).stayedTime, 5400);
}));
