"""Records what the clients of this folder put on the wire, as NAME.http: python3 record.py [CLIENT MODE]… """
import os, socket, subprocess, sys, tempfile, threading

HERE = os.path.dirname(os.path.abspath(__file__))
JARS = ":".join(f"/usr/share/java/{j}.jar" for j in ("httpclient", "httpcore", "commons-logging", "commons-codec", "gson"))
RUN = {"client.py": ["/usr/bin/python3"], "client.php": ["php"], "client.mjs": ["node"], "client.rb": ["ruby"], "client.sh": ["sh"], "Client.java": ["java", "-cp", JARS]}
MODES = {
    "client.py": "dict str json latin dumps", "client.php": "array multipart entities bom dumped", "client.mjs": "json object brackets formdata escape length",
    "Client.java": "entity string gbk doubles hashmap printed", "client.rb": "hash array body", "client.sh": "raw get file multipart",
}
listener = socket.create_server(("127.0.0.1", 0))
env = {**os.environ, "KEY": "5f4dcc3b5aa765d6", "STAMP": "20171027093000", "TMP": os.path.join(tempfile.gettempdir(), "recorded.json"), "BASE": f"http://127.0.0.1:{listener.getsockname()[1]}/merchant/open/1.0.0/openapi/"}


def record(name):
    conn, _ = listener.accept()
    conn.settimeout(20)
    got = b""
    while True:
        head, _, body = got.partition(b"\r\n\r\n")
        length = [int(l.split(b":")[1]) for l in head.split(b"\r\n") if l.lower().startswith(b"content-length:")]
        if b"Expect: 100" in head and not body:
            conn.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        if b"\r\n\r\n" in got and len(body) >= (length or [0])[0] and not (b"chunked" in head and not body.endswith(b"0\r\n\r\n")):
            break
        got += conn.recv(65536)
    if length:
        got = head + b"\r\n\r\n" + body[: length[0]]  # what a server reads of it
    with open(os.path.join(HERE, name + ".http"), "wb") as out:
        out.write(got)
    conn.sendall(b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: 22\r\n\r\n{"code":0,"message":1}')
    conn.close()


for client, modes in MODES.items():
    for mode in modes.split():
        t = threading.Thread(target=record, args=(f"{client.split('.')[1]}-{mode}",), daemon=True)
        t.start()
        subprocess.run([*RUN[client], os.path.join(HERE, client), mode], env=env, capture_output=True, timeout=120)
        t.join(25)
