// What belongs together: the phone of a token, the plate of an order, the plates of a phone. Calls carry only one of them;
// the server resolves them where it can, and this does for what came before.

const has = (value) => typeof value === 'string' && value !== '';

function dataOf(item) {
  return item.data && typeof item.data === 'object' && !Array.isArray(item.data) ? item.data : {};
}

// tokenIn is the token that an answer gave.
function tokenIn(item) {
  const m = item.code === 0 && /"token"\s*:\s*"([^"]+)"/.exec(item.response ?? '');
  return m ? m[1] : '';
}

export class Links {
  constructor() { this.clear(); }

  clear() {
    this.phoneOfToken = new Map();
    this.plateOfOrder = new Map();
    this.phonesOfPlate = new Map();
    this.version = 0;
  }

  // read fills in what a row is about, as far as it says so itself, and learns from it.
  read(row) {
    const { what, item } = row;
    const data = what === 'request' ? dataOf(item) : {};
    row.plate = [item.plateNumber, data.plateNumber, data.carNumber].find(has) ?? '';
    row.phone = [item.phone, data.mobilePhone].find(has) ?? '';
    row.order = [item.orderId, data.orderId].find(has) ?? '';
    row.token = has(data.token) ? data.token : '';
    this.learn(row);
    this.resolve(row);
  }

  learn(row) {
    const { what, item } = row;
    const given = what === 'request' && row.phone ? tokenIn(item) : '';
    if (given) this.set(this.phoneOfToken, given, row.phone);
    if (row.order && row.plate && !row.plate.includes('*')) this.set(this.plateOfOrder, row.order, row.plate);
  }

  set(map, key, value) {
    if (map.get(key) === value) return;
    map.set(key, value);
    this.version++;
  }

  // resolve fills in what other rows say.
  resolve(row) {
    if (!row.phone && row.token) row.phone = this.phoneOfToken.get(row.token) ?? '';
    if (!row.plate && row.order) row.plate = this.plateOfOrder.get(row.order) ?? '';
    const { endpoint, code } = row.item;
    if (row.plate && row.phone && code === 0 && (endpoint === 'bindcar' || endpoint === 'carretrieve' || endpoint === 'orderunpay')) {
      const phones = this.phonesOfPlate.get(row.plate) ?? new Set();
      if (!phones.has(row.phone)) {
        this.phonesOfPlate.set(row.plate, phones.add(row.phone));
        this.version++;
      }
    }
  }

  // orderOf is the newest order that a plate is known to have.
  orderOf(plate) {
    let found = '';
    if (plate) for (const [order, number] of this.plateOfOrder) if (number === plate) found = order;
    return found;
  }

  // about says whether a row is about a plate: it names it, or is of a phone that has it and of no other vehicle.
  about(row, plate) {
    if (row.plate.toUpperCase().includes(plate)) return true;
    if (row.plate || !row.phone) return false;
    for (const [number, phones] of this.phonesOfPlate) if (number.includes(plate) && phones.has(row.phone)) return true;
    return false;
  }
}
