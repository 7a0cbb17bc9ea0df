package diagnosetest

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"math/big"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// exchanged is an HMAC whose two arguments were exchanged, as many libraries' signatures invite to.
func exchanged(fresh func() hash.Hash, text, key string) string {
	mac := hmac.New(fresh, []byte(text))
	mac.Write([]byte(key))
	return strings.ToUpper(hex.EncodeToString(mac.Sum(nil)))
}

// rewritten are requests of which a value was written anew on one of the two ways, that of the signature or that of data.
func (c client) rewritten() []Request {
	paid := func(amount string) string { return `{"orderId":"9E2F","payment":` + amount + `,"token":"t"}` }
	login := func(phone string) string { return `{"mobilePhone":"` + phone + `","code":"1234"}` }
	sorted := `{"plateColor":"1","plateNumber":"渝ATX061","token":"d970cff4-3811"}`
	const cafe, path = `{"city":"Café 渝"}`, "/merchant/open/1.0.0/openapi/bindcar"
	return []Request{
		c.signs("str(time.time()) of a whole second", "stamp-format", bound, MD5(bound+c.key+unixOf(c.stamp)+".0")).says("another format", "格式不同", "very text", "相同的文本"),
		c.signs("a text normalized to NFD, as macOS does", "unicode-normalized", cafe, c.of(norm.NFD.String(cafe))).says("NFD|city", "NFD|city", "normalize before", "规范化"),
		c.signs("sent in NFD, signed in NFC", "unicode-normalized", norm.NFD.String(cafe), c.of(cafe)),
		c.signs("full-width letters folded by NFKC", "unicode-normalized", `{"note":"ＡＢＣ"}`, c.of(`{"note":"ABC"}`)),
		c.signs("signed in fen", "amount-in-fen", paid("8.50"), c.of(paid("850"))).says("fen|payment", "分|payment", "yuan and fen", "元与分"),
		c.signs("signed in fen, as texts", "amount-in-fen", paid(`"8.50"`), c.of(paid(`"850"`))),
		c.signs("signed in yuan, sent in fen", "amount-in-fen", paid("850"), c.of(paid("8.50"))),
		c.signs("BigDecimal of another scale", "number-rewritten", paid(`"8.50"`), c.of(paid(`"8.500"`))).says("quotes|payment", "引号|payment", "8.5", "8.5"),
		c.signs("a text without its last zero", "number-rewritten", paid(`"8.50"`), c.of(paid(`"8.5"`))),
		c.signs("a literal of three places", "number-rewritten", paid("8.50"), c.of(paid("8.500"))),
		c.signs("signed with +86", "phone-rewritten", login("13800138000"), c.of(login("+8613800138000"))).says("country code|mobilePhone", "国家码|mobilePhone", "11 digits", "11 位"),
		c.signs("sent with dashes, signed without", "phone-rewritten", login("138-0013-8000"), c.of(login("13800138000"))),
		c.signs("the path before data", "path-included", bound, MD5(path+bound+c.key+c.stamp)).says("path|bindcar", "路径|bindcar", "not part", "不是"),
		c.signs("the endpoint's name behind the stamp", "path-included", bound, MD5(bound+c.key+c.stamp+"bindcar")),
		c.signs("16 digits of sorted keys", "truncated+keys-sorted", bound, c.of(sorted)[8:24]),
		c.signs("HMAC-MD5 with key and text exchanged", "hmac-md5", bound, exchanged(md5.New, bound+c.stamp, c.key)).says("exchanged", "传反", "plain MD5", "普通 MD5"),
		c.signs("HMAC-SHA256 with key and text exchanged", "hmac-sha256", bound, exchanged(sha256.New, bound+c.stamp, c.key)).says("exchanged", "传反", "plain MD5", "普通 MD5"),
	}
}

// rewrittenPushes are pushes of which a receiver wrote a value anew before it hashed.
func rewrittenPushes(no, key string) []Push {
	fees := strings.Replace(Exit, `"receivableFee":5`, `"receivableFee":5.50`, 1)
	named := strings.Replace(Notice, "渝ATX061", "渝ATX06é", 1)
	return []Push{
		{"the fee in fen", "exit", []string{"amount-in-fen"}, fees, MD5(no + strings.Replace(fees, "5.50", "550", 1) + key)},
		{"normalized to NFD", "unbind", []string{"unicode-normalized"}, named, MD5(no + norm.NFD.String(named) + key)},
		{"merchant_no in lower case", "entry", []string{"merchant-no-case"}, Entry, MD5(strings.ToLower(no) + Entry + key)},
		{"HMAC-MD5 with key and text exchanged", "entry", []string{"hmac-md5"}, Entry, exchanged(md5.New, no+Entry, key)},
	}
}

// receivedPushes are the texts that receivers make of a push: signment cut out badly, a class of all fields, a time in the text.
func receivedPushes(no, key string) []Push {
	of := func(text string) string { return MD5(no + text + key) }
	open := func(data string) string { return strings.TrimSuffix(data, "}") }
	pascal := strings.NewReplacer(`"plateNumber"`, `"PlateNumber"`, `"time"`, `"Time"`, "渝", `\u6E1D`).Replace(Notice)
	sum := md5.Sum([]byte(no + Entry + key))
	nulls := strings.Replace(Entry, `"fixParkingId"`, `"exitTime":null,"stayedTime":null,"receivableFee":null,"fixParkingId"`, 1)
	zeroes := open(Entry) + `,"stayedTime":0,"receivableFee":0}`
	whole := `{"synId":null,"plateNumber":"渝ATX061","parkName":null,"parkId":null,"entranceTime":null,"userType":null,"pushTime":null,"exitTime":null,"stayedTime":null,"receivableFee":null,"fixParkingId":null,"remainingDays":null,"time":"2017-08-20 11:57:51"}`
	return []Push{
		{"signment cut out, the comma left", "entry", []string{"signment-cut-badly"}, Entry, of(open(Entry) + ",}")},
		{"the body up to signment, without a brace", "exit", []string{"signment-cut-badly"}, Exit, of(open(Exit))},
		{"a class of entry and exit, nulls written", "entry", []string{"field-added"}, Entry, of(nulls)},
		{"a class of primitives", "entry", []string{"field-added"}, Entry, of(zeroes)},
		{"a class of all four pushes", "unbind", []string{"field-added"}, Notice, of(whole)},
		{"pushTime as a stamp", "entry", []string{"push-time-included"}, Entry, MD5(no + Entry + key + "20170817184420")},
		{"pushTime as it is, and a request's formula", "exit", []string{"push-time-included"}, Exit, MD5(Exit + key + "2018-09-21 18:44:20")},
		{"time before data", "certification-invalid", []string{"push-time-included"}, Notice, MD5(no + "2017-08-20 11:57:51" + Notice + key)},
		{"C# properties", "unbind", []string{"field-names-rewritten"}, Notice, of(pascal)},
		{"read as ISO-8859-1 into a HashMap of Gson", "exit", []string{"utf8-twice", "number-as-double", "hashmap-order"}, Exit, of(latin(strings.NewReplacer(`"parkId":7`, `"parkId":7.0`, "34560000", "3.456E7", `"receivableFee":5`, `"receivableFee":5.0`).Replace(InOrder(Exit, exitHashMap))))},
		{"the plate with a middle dot", "unbind", []string{"plate-rewritten"}, Notice, of(strings.Replace(Notice, "渝ATX061", "渝A·TX061", 1))},
		{"synId without its dash", "entry", []string{"id-rewritten"}, Entry, of(strings.Replace(Entry, "0e39b1c6-30a0", "0e39b1c630a0", 1))},
		{"the key at both ends", "exit", []string{"parts-repeated"}, Exit, MD5(key + no + Exit + key)},
		{"s = null; s += …", "entry", []string{"text-framed"}, Entry, MD5("null" + no + Entry + key)},
		{"a hash as a number", "entry", []string{"sign-number"}, Entry, new(big.Int).SetBytes(sum[:]).String()},
		{"the right fields with '", "unbind", []string{"json-single-quoted"}, Notice, of(strings.ReplaceAll(Notice, `"`, "'"))},
		{"no key and no number", "entry", []string{"key-missing"}, Entry, MD5(Entry)},
		{"a number that was not set", "entry", []string{"merchant-no-unset"}, Entry, MD5("undefined" + Entry + key)},
		{"an empty buffer", "exit", []string{"data-missing"}, Exit, MD5("")},
	}
}
