package diagnosetest

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"hash"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/encoding/traditionalchinese"
)

// NeedsSetting are the kinds that no request makes by itself: the merchant's key or a rule has to be another.
var NeedsSetting = []string{"whitespace-kept", "json-signed", "key-trimmed", "other-merchant-key"}

// plainData is data that arrives well, of which many libraries would write something otherwise.
const plainData = `{"token":"a b+c","appId":"","payment":5.50,"free":null,"plateNumber":"渝ATX061"}`

// plainRow is a request of a name and a kind.
type plainRow struct{ name, kind, data, sign string }

// plain are requests whose data arrives well, and whose text, key, stamp, order or hash is another.
func (c client) plain() (all []Request) {
	for _, row := range slices.Concat(c.plainTexts(), c.plainParts(), c.plainHashes()) {
		all = append(all, c.signs(row.name, row.kind, row.data, row.sign))
	}
	for i := 0; ; i++ { // a hash that begins with 0
		data := fmt.Sprintf(`{"i":%d}`, i)
		if s := c.of(data); s[0] == '0' {
			return append(all, c.signs("BigInteger.toString(16)", "leading-zero-dropped", data, strings.TrimLeft(s, "0")))
		}
	}
}

// plainTexts sign another text of data.
func (c client) plainTexts() []plainRow {
	const d = plainData
	of := func(old, replacement string) string { return c.of(strings.Replace(d, old, replacement, 1)) }
	big5, _ := traditionalchinese.Big5.NewEncoder().String(`{"city":"重慶"}`)
	return []plainRow{
		{"white space stripped", "whitespace-stripped", d, MD5(strings.ReplaceAll(d, " ", "") + c.key + c.stamp)},
		{"Base64 before hashing", "text-base64", d, MD5(base64.StdEncoding.EncodeToString([]byte(d + c.key + c.stamp)))},
		{"signed after URL-encoding", "data-url-encoded", d, c.of(url.QueryEscape(d))},
		{"signed with a space for a +", "plus-for-space", `{"token":"a b+c"}`, c.of(`{"token":"a b c"}`)},
		{"signed in Big5", "other-charset", `{"city":"重慶"}`, c.of(big5)},
		{"signed in US-ASCII", "ascii-question-marks", d, of("渝", "?")},
		{"signed with a name before it", "data-framed", d, c.of("data=" + d)},
		{"marshalled twice", "data-quoted", `{"a":"1"}`, c.of(`"{\"a\":\"1\"}"`)},
		{"signed without the escapes that are sent", "json-unescaped", `{"plateNumber":"\u6e1dATX061"}`, c.of(`{"plateNumber":"渝ATX061"}`)},
		{"a number that lost its quotes", "json-number-unquoted", `{"payment":"8"}`, c.of(`{"payment":8}`)},
		{"a number written anew", "number-rewritten", d, of("5.50", "5.5")},
		{"null for an empty text", "null-for-empty", d, of(`""`, "null")},
		{"an empty text for null", "empty-for-null", d, of("null", `""`)},
		{"empty values left out", "empty-dropped", d, c.of(`{"token":"a b+c","payment":5.50,"plateNumber":"渝ATX061"}`)},
		{"values trimmed", "values-trimmed", `{"token":" t ","city":"a b"}`, c.of(`{"token":"t","city":"a b"}`)},
		{"values decoded again", "values-url-decoded", `{"token":"a%2Fb","code":"%41"}`, c.of(`{"token":"a/b","code":"%41"}`)},
		{"a value in lower case", "value-case", `{"orderId":"9E2F"}`, c.of(`{"orderId":"9e2f"}`)},
		{"pairs with encoded values", "query-url-encoded", `{"token":"t","plateNumber":"渝ATX061"}`, c.of("token=t&plateNumber=" + url.QueryEscape("渝ATX061"))},
		{"names and values joined", "keys-and-values-joined", `{"token":"t","plateNumber":"渝ATX061"}`, c.of("tokentplateNumber渝ATX061")},
		{"names in an order of its own", "keys-reordered", `{"token":"t","plateNumber":"x","note":"n","parkingId":7,"appId":""}`, c.of(`{"parkingId":7,"token":"t","appId":"","plateNumber":"x","note":"n"}`)},
		{"a field left out", "field-left-out", `{"token":"t","plateNumber":"x","code":"1"}`, c.of(`{"token":"t","code":"1"}`)},
	}
}

// plainParts sign with another key or stamp, or put the parts together otherwise.
func (c client) plainParts() []plainRow {
	const d = plainData
	at, _ := time.ParseInLocation("20060102150405", c.stamp, shanghai)
	stamped := func(stamp string) string { return MD5(d + c.key + stamp) }
	keyed := func(key string) string { return MD5(d + key + c.stamp) }
	return []plainRow{
		{"a key with its line end", "key-trailing-newline", d, keyed(c.key + "\n")},
		{"a key in quotes", "key-padded", d, keyed(`"` + c.key + `"`)},
		{"a key in upper case", "key-case", d, keyed(strings.ToUpper(c.key))},
		{"the key's MD5", "key-hashed", d, keyed(strings.ToLower(MD5(c.key)))},
		{"another format of the stamp", "stamp-format", d, stamped(at.Format(time.DateTime))},
		{"the stamp in UTC", "stamp-zone", d, stamped(at.UTC().Format("20060102150405"))},
		{"the clock asked twice", "stamp-drift", d, stamped(stampOf(at.Add(time.Second)))},
		{"no key", "key-missing", d, MD5(d + c.stamp)},
		{"the key last", "key-stamp-swapped", d, MD5(d + c.stamp + c.key)},
		{"the key first", "parts-reordered", d, MD5(c.key + d + c.stamp)},
		{"no stamp", "stamp-missing", d, MD5(d + c.key)},
		{"no data", "data-missing", d, MD5(c.key + c.stamp)},
		{"a push's formula", "push-formula", d, MD5(c.no + d + c.key)},
		{"the number too", "merchant-no-included", d, MD5(c.no + d + c.key + c.stamp)},
		{"the number for the key", "merchant-no-for-key", d, MD5(d + c.no + c.stamp)},
		{"joined by &", "ampersand-joined", d, MD5(d + "&" + c.key + "&" + c.stamp)},
		{"joined by |", "separator-joined", d, MD5(d + "|" + c.key + "|" + c.stamp)},
		{"echo without -n", "trailing-newline", d, MD5(d + c.key + c.stamp + "\n")},
	}
}

// plainHashes take another hash, or print the right one otherwise.
func (c client) plainHashes() []plainRow {
	const d = plainData
	right := c.of(d)
	digest, _ := hex.DecodeString(right)
	hashed := func(fresh func() hash.Hash) string {
		h := fresh()
		h.Write([]byte(d + c.key + c.stamp))
		return fmt.Sprintf("%X", h.Sum(nil))
	}
	mac := func(fresh func() hash.Hash) string {
		h := hmac.New(fresh, []byte(c.key))
		h.Write([]byte(d + c.stamp))
		return fmt.Sprintf("%X", h.Sum(nil))
	}
	return []plainRow{
		{"lower case", "lower-case", d, strings.ToLower(right)},
		{"a line end behind it", "sign-padded", d, right + "\n"},
		{"BitConverter", "sign-separated", d, strings.ToUpper(strings.ReplaceAll(fmt.Sprintf("% x", digest), " ", "-"))},
		{"Base64 of the hash", "base64", d, base64.StdEncoding.EncodeToString(digest)},
		{"no hex", "not-hex", d, "G" + right[1:]},
		{"16 digits", "truncated", d, right[8:24]},
		{"SHA-1", "sha1", d, hashed(sha1.New)},
		{"SHA-256", "sha256", d, hashed(sha256.New)},
		{"SHA-512", "sha512", d, hashed(sha512.New)},
		{"HMAC-MD5", "hmac-md5", d, mac(md5.New)},
		{"HMAC-SHA1", "hmac-sha1", d, mac(sha1.New)},
		{"HMAC-SHA256", "hmac-sha256", d, mac(sha256.New)},
		{"HMAC-SHA512", "hmac-sha512", d, mac(sha512.New)},
	}
}

// requestFormula is a push that was signed as requests are.
func requestFormula(key string) Push {
	return Push{"signed as a request", "unbind", []string{"request-formula"}, Notice, MD5(Notice + key)}
}
