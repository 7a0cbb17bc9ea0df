"""Mistakes made with the library requests 2.28: dict, nested, json, latin, twice."""
import hashlib, json, os, sys
import requests

mode, stamp = sys.argv[1], os.environ["STAMP"]
d = {"token": "d970cff4-3811", "plateNumber": "渝ATX061", "plateColor": "1"}
text = json.dumps(d, separators=(",", ":"), ensure_ascii=False)
sign = hashlib.md5((text + os.environ["KEY"] + stamp).encode()).hexdigest().upper()
form = {"merchant_no": "M1", "time_stamp": stamp, "data": text, "sign": sign}
url = os.environ["BASE"] + "bindcar"
if mode == "dict":  # a dict where a text belongs
    requests.post(url, data={**form, "data": d})
elif mode == "str":  # str() of the dict
    requests.post(url, data={**form, "data": str(d)})
elif mode == "json":  # json= in place of data=
    requests.post(url, json=form)
elif mode == "latin":  # a text for the body, which is written in ISO-8859-1 where that is possible
    body = "&".join(f"{k}={v}" for k, v in form.items())
    requests.post(url, data=body.encode("latin-1", "replace"), headers={"Content-Type": "application/x-www-form-urlencoded"})
elif mode == "dumps":  # signed as json.dumps writes it by default
    requests.post(url, data={**form, "sign": hashlib.md5((json.dumps(d) + os.environ["KEY"] + stamp).encode()).hexdigest()})
