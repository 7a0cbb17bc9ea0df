package diagnosetest

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"hash"
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
