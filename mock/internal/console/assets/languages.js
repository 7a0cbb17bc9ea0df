// A request, signed afresh, in the languages that merchants write.

import { server } from './api.js';
import { curlAfresh, dataText, PATH } from './repeat.js';

const json = JSON.stringify;

function go(r) {
  const send = r.method === 'GET'
    ? '\tresp, err := http.Get(url + "?" + form.Encode())'
    : '\tresp, err := http.PostForm(url, form)';
  return `package main

import (
	"crypto/md5"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"time"
)

func main() {
	const url = ${json(server + PATH + r.endpoint)}
	data := ${json(dataText(r))}
	stamp := time.Now().In(time.FixedZone("", 8*3600)).Format("20060102150405")
	sign := fmt.Sprintf("%X", md5.Sum([]byte(data+os.Getenv("ETCP_KEY")+stamp)))
	form := neturl.Values{"merchant_no": {${json(r.merchantNo)}}, "time_stamp": {stamp}, "data": {data}, "sign": {sign}}
${send}
	if err != nil {
		panic(err)
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body)
	fmt.Println(string(body))
}
`.replace('"net/url"', 'neturl "net/url"');
}

function python(r) {
  const ask = r.method === 'GET'
    ? 'with urllib.request.urlopen(url + "?" + form) as answer:'
    : 'with urllib.request.urlopen(url, form.encode()) as answer:';
  return `import datetime, hashlib, os, urllib.parse, urllib.request

url = ${json(server + PATH + r.endpoint)}
data = ${json(dataText(r))}
shanghai = datetime.timezone(datetime.timedelta(hours=8))
stamp = datetime.datetime.now(shanghai).strftime("%Y%m%d%H%M%S")
sign = hashlib.md5((data + os.environ["ETCP_KEY"] + stamp).encode()).hexdigest().upper()
form = urllib.parse.urlencode({"merchant_no": ${json(r.merchantNo)}, "time_stamp": stamp, "data": data, "sign": sign})
${ask}
    print(answer.read().decode())
`;
}

function node(r) {
  const ask = r.method === 'GET' ? 'await fetch(`${url}?${form}`)' : "await fetch(url, { method: 'POST', body: form })";
  return `import { createHash } from 'node:crypto';

const url = ${json(server + PATH + r.endpoint)};
const data = ${json(dataText(r))};
const stamp = new Date(Date.now() + 8 * 3600_000).toISOString().replace(/\\D/g, '').slice(0, 14);
const sign = createHash('md5').update(data + process.env.ETCP_KEY + stamp).digest('hex').toUpperCase();
const form = new URLSearchParams({ merchant_no: ${json(r.merchantNo)}, time_stamp: stamp, data, sign });
const answer = ${ask};
console.log(await answer.text());
`;
}

function java(r) {
  const request = r.method === 'GET'
    ? 'HttpRequest.newBuilder(URI.create(url + "?" + form)).build()'
    : 'HttpRequest.newBuilder(URI.create(url)).header("Content-Type", "application/x-www-form-urlencoded").POST(HttpRequest.BodyPublishers.ofString(form)).build()';
  return `import java.net.URI;
import java.net.URLEncoder;
import java.net.http.*;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.*;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;

public class Call {
    public static void main(String[] args) throws Exception {
        String url = ${json(server + PATH + r.endpoint)};
        String data = ${json(dataText(r))};
        String stamp = DateTimeFormatter.ofPattern("yyyyMMddHHmmss").withZone(ZoneId.of("Asia/Shanghai")).format(Instant.now());
        byte[] hash = MessageDigest.getInstance("MD5").digest((data + System.getenv("ETCP_KEY") + stamp).getBytes(StandardCharsets.UTF_8));
        String sign = HexFormat.of().withUpperCase().formatHex(hash);
        String form = "merchant_no=" + enc(${json(r.merchantNo)}) + "&time_stamp=" + stamp + "&data=" + enc(data) + "&sign=" + sign;
        HttpRequest request = ${request};
        System.out.println(HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body());
    }

    static String enc(String text) { return URLEncoder.encode(text, StandardCharsets.UTF_8); }
}
`;
}

// languages are those there are, with what writes a request in each.
export const languages = { curl: curlAfresh, Go: go, Python: python, 'Node.js': node, Java: java };
