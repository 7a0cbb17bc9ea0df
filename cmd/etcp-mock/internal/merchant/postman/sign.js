// sign = UPPER(HEX(MD5(data + merchant_key + time_stamp))), over the text of data before it is URL-encoded (§6).
const parameters = pm.request.method === 'GET' ? pm.request.url.query : pm.request.body.urlencoded;
const data = pm.variables.replaceIn(parameters.get('data'));
const timeStamp = new Date(Date.now() + 8 * 3600e3).toISOString().replace(/\D/g, '').slice(0, 14); // Asia/Shanghai
pm.variables.set('timeStamp', timeStamp);
pm.variables.set('sign', CryptoJS.MD5(data + pm.variables.get('merchantKey') + timeStamp).toString().toUpperCase());
