// The items of a stay where the server does not list them: from the order, its pushes and the requests that the page has.

const kinds = { uservalidatecode: 'sms', userlogin: 'login', usersigin: 'login', bindcar: 'bind', unbindcar: 'unbind', carretrieve: 'bind', orderunpay: 'quote', orderpaid: 'paid' };

// buildStay puts them in the order of their times.
export function buildStay(order, pushes, rows, links) {
  const items = [{ at: order.entranceTime, kind: 'enter', text: order.parkingName }];
  if (order.exitTime) items.push({ at: order.exitTime, kind: 'exit', text: `¥${order.parkingFee}` });
  for (const p of pushes) {
    items.push({ at: p.createdAt, kind: 'push', pushId: p.id, text: p.kind });
    p.attempts.forEach((a, i) => items.push({ at: a.at, kind: 'attempt', pushId: p.id, text: `${i + 1}: ${a.error || `HTTP ${a.httpStatus}`}` }));
  }
  for (const row of rows) {
    const kind = row.what === 'request' && kinds[row.item.endpoint];
    if (!kind || !(row.order === order.orderId || links.about(row, order.plateNumber))) continue;
    if (order.exitTime && row.at > order.exitTime && kind !== 'paid' && kind !== 'unbind') continue;
    items.push({ at: row.at, kind: row.item.code === 0 ? kind : 'refused', requestId: row.item.id, text: row.item.code === 0 ? row.item.endpoint : `${row.item.endpoint} ${row.item.code} ${row.item.reason}` });
  }
  return items.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}
