"""A merchant's client in Python. Its one argument says which mistake it makes: dumps, gbk, dict; none for none."""
import hashlib, json, os, sys, time, urllib.parse, urllib.request

wrong = sys.argv[1]
d = {"token": "d970cff4", "plateNumber": "渝ATX061"}
stamp = time.strftime("%Y%m%d%H%M%S", time.gmtime(time.time() + 8 * 3600))
text = json.dumps(d, separators=(",", ":"), ensure_ascii=False)
signed = json.dumps(d) if wrong == "dumps" else text
sign = hashlib.md5((signed + os.environ["KEY"] + stamp).encode("utf-8")).hexdigest().upper()
form = {"merchant_no": "M1", "time_stamp": stamp, "data": d if wrong == "dict" else text, "sign": sign}
body = urllib.parse.urlencode(form, encoding="gbk" if wrong == "gbk" else "utf-8")
print(urllib.request.urlopen(os.environ["BASE"] + "bindcar", body.encode()).read().decode())
