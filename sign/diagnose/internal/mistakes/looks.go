package mistakes

import (
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/guess"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

var (
	useMD5    = words.Phrase{En: "Hash with MD5 (§6)", Zh: "请用 MD5（§6）"}
	useNoHMAC = words.Phrase{En: "Use plain MD5 with the key as a part of the text, no HMAC", Zh: "请用普通 MD5，密钥是文本的一部分，不用 HMAC"}
)

// Looks are the mistakes that are seen in the signature itself, or in the hash that was used.
var Looks = []guess.Hypothesis{
	{Kind: "lower-case", What: words.Phrase{En: "the signature has hex digits in lower case", Zh: "签名含有小写的十六进制字母"}, Fix: words.Phrase{En: "Write the hex digits in upper case (§6)", Zh: "十六进制字母一律大写（§6）"}},
	{Kind: "sign-padded", What: words.Phrase{En: "white space, quotes or something else stand around the signature", Zh: "签名前后有空白、引号或别的内容"}, Fix: words.Phrase{En: "Send the 32 digits and nothing else", Zh: "只发送那 32 位，不要带别的字符"}},
	{Kind: "sign-separated", What: words.Phrase{En: "the digits of the signature are in groups", Zh: "签名的各位被分隔成组"}, Fix: words.Phrase{En: "Write the 32 digits without anything between them", Zh: "32 位之间不要有任何分隔符"}},
	{Kind: "sign-extended", What: words.Phrase{En: "bytes of the hash above 7F are printed with ffffff before them", Zh: "大于 7F 的字节打印成了带 ffffff 前缀的形式"}, Fix: words.Phrase{En: "Print each byte as two digits: Java's Integer.toHexString(b & 0xff) or String.format(\"%02X\", b)", Zh: "每个字节打印成两位：Java 用 Integer.toHexString(b & 0xff) 或 String.format(\"%02X\", b)"}},
	{Kind: "sign-bytes", What: words.Phrase{En: "the signature has the bytes of the hash themselves, or their numbers, not hex digits", Zh: "签名是哈希的原始字节或各字节的数值，而不是十六进制"}, Fix: words.Phrase{En: "Write the 16 bytes of the hash as 32 hex digits in upper case (PHP: md5($text), not md5($text, true); Node: digest('hex'); Python: hexdigest(); Go: %X)", Zh: "把 16 字节的哈希写成 32 位大写十六进制（PHP 用 md5($text) 而不是 md5($text, true)，Node 用 digest('hex')，Python 用 hexdigest()，Go 用 %X）"}},
	{Kind: "sign-number", What: words.Phrase{En: "the hash was printed as a big number", Zh: "哈希被打印成了一个大整数"}, Fix: words.Phrase{En: "Print the 16 bytes of the hash as 32 hex digits in upper case, not as a number: a number loses zeros and may be negative (Java: new BigInteger(1, digest), then %032X)", Zh: "把 16 字节的哈希打印成 32 位大写十六进制，而不是当作数字：数字会丢失前导零，还可能是负数（Java 用 new BigInteger(1, digest) 再按 %032X 输出）"}},
	{Kind: "sign-uuid", What: words.Phrase{En: "the hash was printed as a UUID, which changes or reorders some of its digits", Zh: "哈希被打印成了 UUID，部分数字被改写或换了位置"}, Fix: words.Phrase{En: "Print the bytes of the hash as 32 hex digits (%02X each): UUID.nameUUIDFromBytes sets bits of its own, .NET's Guid changes the order of bytes", Zh: "把哈希的各字节按 %02X 打印成 32 位十六进制：UUID.nameUUIDFromBytes 会改写其中的位，.NET 的 Guid 会改变字节顺序"}},
	{Kind: "sign-byte-order", What: words.Phrase{En: "the bytes of the hash are printed in another order", Zh: "哈希的字节以另一种顺序打印"}, Fix: words.Phrase{En: "Print the 16 bytes of the hash from the first to the last, each as two digits: MD5's words are little-endian", Zh: "把 16 字节的哈希从第一个到最后一个依次打印，每个字节两位：MD5 的字是小端序"}},
	{Kind: "sign-full-width", What: words.Phrase{En: "the signature is written in full-width digits and letters", Zh: "签名是用全角数字和字母写的"}, Fix: words.Phrase{En: "Write the 32 digits in ASCII (half width)", Zh: "32 位请用半角书写"}},
	{Kind: "sign-not-hashed", What: words.Phrase{En: "the text itself was sent as the signature, or a part of it, and not its hash", Zh: "发送的签名是待签名文本或其一部分，而不是它的哈希"}, Fix: words.Phrase{En: "Send UPPER(HEX(MD5(data + merchant_key + time_stamp))), never the text: it holds the key, which has to be changed where it was sent", Zh: "请发送 UPPER(HEX(MD5(data + 密钥 + time_stamp)))，不要发送文本本身：其中有密钥，若已发送请更换密钥"}},
	{Kind: "hex-twice", What: words.Phrase{En: "the hex digits of the hash were written in hex once more", Zh: "哈希的十六进制文本又做了一次十六进制编码"}, Fix: words.Phrase{En: "Write the 16 bytes of the hash as 32 hex digits, once (the library gives hex digits already)", Zh: "把 16 字节的哈希写成 32 位十六进制，只写一次（库返回的已是十六进制文本）"}},
	{Kind: "sign-object", What: words.Phrase{En: "the signature is the text of an object, not its hash", Zh: "签名是对象的文本，而不是哈希值"}, Fix: words.Phrase{En: "Print the hash as 32 hex digits in upper case (Python: hexdigest().upper(); Node: digest('hex').toUpperCase(); Java: each byte with %02X)", Zh: "把哈希打印成 32 位大写十六进制（Python 用 hexdigest().upper()，Node 用 digest('hex').toUpperCase()，Java 逐字节 %02X）"}},
	{Kind: "rsa", What: words.Phrase{En: "the signature is Base64 of as many bytes as an RSA signature has", Zh: "签名是 Base64，字节数与 RSA 签名相同"}, Fix: words.Phrase{En: "Sign with MD5 and the merchant's key (§6), not with a private key", Zh: "请用 MD5 加商户密钥签名（§6），而不是用私钥"}},
	{Kind: "base64", What: words.Phrase{En: "the hash is written in base64, not in hex", Zh: "哈希值写成了 base64，而不是十六进制"}, Fix: words.Phrase{En: "Write the 16 bytes of the hash as 32 hex digits in upper case", Zh: "把 16 字节的哈希写成 32 位大写十六进制"}},
	{Kind: "not-hex", What: words.Phrase{En: "the signature is no hex number", Zh: "签名不是十六进制数"}, Fix: words.Phrase{En: "A signature is 32 hex digits in upper case (§6)", Zh: "签名是 32 位大写十六进制（§6）"}},
	{Kind: "leading-zero-dropped", What: words.Phrase{En: "the signature has less than 32 digits: zeros were left out", Zh: "签名不足 32 位，漏掉了零"}, Fix: words.Phrase{En: "Print every byte of the hash as two digits (%02X), zeros included", Zh: "每个字节都打印成两位（%02X），包括前导零"}},
	{Kind: "truncated", What: words.Phrase{En: "the signature is only a part of the right one", Zh: "签名只是正确签名的一部分"}, Fix: words.Phrase{En: "Use all 32 digits; a 16-digit MD5 is not what §6 asks for", Zh: "请使用全部 32 位；§6 要的不是 16 位 MD5"}},
	{Kind: "content-length-in-characters", What: words.Phrase{En: "the end of the body is missing, as much of it as UTF-8 has bytes more than the body has characters", Zh: "请求体末尾缺失，缺少的正好是 UTF-8 字节数与字符数之差"}, Fix: guess.CutFix},
	{Kind: "sha1", What: words.Phrase{En: "the hash is SHA-1", Zh: "所用哈希是 SHA-1"}, Fix: useMD5},
	{Kind: "sha256", What: words.Phrase{En: "the hash is SHA-256", Zh: "所用哈希是 SHA-256"}, Fix: useMD5},
	{Kind: "sha384", What: words.Phrase{En: "the hash is SHA-384", Zh: "所用哈希是 SHA-384"}, Fix: useMD5},
	{Kind: "hmac-sha384", What: words.Phrase{En: "the hash is HMAC-SHA384", Zh: "所用哈希是 HMAC-SHA384"}, Fix: useNoHMAC},
	{Kind: "sha224", What: words.Phrase{En: "the hash is SHA-224", Zh: "所用哈希是 SHA-224"}, Fix: useMD5},
	{Kind: "hmac-sha224", What: words.Phrase{En: "the hash is HMAC-SHA224", Zh: "所用哈希是 HMAC-SHA224"}, Fix: useNoHMAC},
	{Kind: "sm3", What: words.Phrase{En: "the hash is SM3, the Chinese standard (GM/T 0004)", Zh: "所用哈希是国密 SM3（GM/T 0004）"}, Fix: useMD5},
	{Kind: "hmac-sm3", What: words.Phrase{En: "the hash is HMAC-SM3", Zh: "所用哈希是 HMAC-SM3（国密）"}, Fix: useNoHMAC},
	{Kind: "sha3-256", What: words.Phrase{En: "the hash is SHA3-256", Zh: "所用哈希是 SHA3-256"}, Fix: useMD5},
	{Kind: "hmac-sha3-256", What: words.Phrase{En: "the hash is HMAC with SHA3-256", Zh: "所用哈希是 HMAC-SHA3-256"}, Fix: useNoHMAC},
	{Kind: "sha3-512", What: words.Phrase{En: "the hash is SHA3-512", Zh: "所用哈希是 SHA3-512"}, Fix: useMD5},
	{Kind: "hmac-sha3-512", What: words.Phrase{En: "the hash is HMAC with SHA3-512", Zh: "所用哈希是 HMAC-SHA3-512"}, Fix: useNoHMAC},
	{Kind: "sha512-256", What: words.Phrase{En: "the hash is SHA-512/256", Zh: "所用哈希是 SHA-512/256"}, Fix: useMD5},
	{Kind: "hmac-sha512-256", What: words.Phrase{En: "the hash is HMAC with SHA-512/256", Zh: "所用哈希是 HMAC-SHA512/256"}, Fix: useNoHMAC},
	{Kind: "crc32", What: words.Phrase{En: "the hash is CRC-32, a checksum", Zh: "所用的是 CRC-32 校验和"}, Fix: useMD5},
	{Kind: "sign-password-hash", What: words.Phrase{En: "the signature is a hash for passwords (bcrypt, crypt, Argon2), which has a salt", Zh: "签名是密码专用的哈希（bcrypt、crypt、Argon2），带有随机盐"}, Fix: words.Phrase{En: "Use plain MD5 over the text, without a salt (PHP: md5, not password_hash or crypt)", Zh: "请对文本用普通 MD5，不带盐（PHP 用 md5，而不是 password_hash 或 crypt）"}},
	{Kind: "sign-jwt", What: words.Phrase{En: "the signature is a JSON Web Token", Zh: "签名是 JSON Web Token"}, Fix: words.Phrase{En: "Send UPPER(HEX(MD5(data + merchant_key + time_stamp))): this platform has no tokens of that sort", Zh: "请发送 UPPER(HEX(MD5(data + 密钥 + time_stamp)))：本平台不用 JWT"}},
	{Kind: "sign-not-md5", What: words.Phrase{En: "the signature is a decimal number, as hash() of Python, hashCode() of Java and checksums give", Zh: "签名是一个十进制数，像是 Python 的 hash()、Java 的 hashCode() 或校验和的结果"}, Fix: words.Phrase{En: "Write the MD5 of the text as 32 hex digits in upper case (Python: hashlib.md5(…).hexdigest().upper())", Zh: "请把文本的 MD5 写成 32 位大写十六进制（Python 用 hashlib.md5(…).hexdigest().upper()）"}},
	{Kind: "sign-mistyped", What: words.Phrase{En: "the signature has letters that look like digits, as one that was typed or read by OCR has", Zh: "签名里有形似数字的字母，像是手工输入或 OCR 识别的"}, Fix: words.Phrase{En: "Send the hash as the program computes it; do not copy it by hand", Zh: "请直接发送程序算出的哈希，不要手工抄写"}},
	{Kind: "sha512", What: words.Phrase{En: "the hash is SHA-512", Zh: "所用哈希是 SHA-512"}, Fix: useMD5},
	{Kind: "hmac-md5", What: words.Phrase{En: "the hash is HMAC-MD5", Zh: "所用哈希是 HMAC-MD5"}, Fix: useNoHMAC},
	{Kind: "hmac-sha1", What: words.Phrase{En: "the hash is HMAC-SHA1", Zh: "所用哈希是 HMAC-SHA1"}, Fix: useNoHMAC},
	{Kind: "hmac-sha256", What: words.Phrase{En: "the hash is HMAC-SHA256", Zh: "所用哈希是 HMAC-SHA256"}, Fix: useNoHMAC},
	{Kind: "hmac-sha512", What: words.Phrase{En: "the hash is HMAC-SHA512", Zh: "所用哈希是 HMAC-SHA512"}, Fix: useNoHMAC},
}
