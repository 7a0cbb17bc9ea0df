// Plates made up with one click: seven characters, or eight for new energy,
// without the letters I and O.

const provinces = '渝京沪津冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼';
const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZ';
const digits = '0123456789';

const pick = (from) => from[crypto.getRandomValues(new Uint32Array(1))[0] % from.length];

export function madeUp() {
  const electric = pick(digits) < '3';
  const head = pick(provinces) + pick('ABCDEF');
  if (electric) return head + pick('DF') + Array.from({ length: 5 }, () => pick(digits)).join('');
  const tail = Array.from({ length: 5 }, () => pick(digits));
  tail[pick('0123') | 0] = pick(letters);
  if (pick(digits) < '5') tail[1] = pick(letters);
  return head + tail.join('');
}
