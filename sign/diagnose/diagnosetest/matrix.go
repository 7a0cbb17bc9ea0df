package diagnosetest

import (
	"encoding/json"
	"net/url"
	"strings"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// scheme is one way to make the signment of a push otherwise, of any of the four: the text that is hashed, and the hash.
type scheme struct {
	name, kinds string
	sign        func(no, data, key string) string
}

// over hashes no + a text of data + key.
func over(text func(data string) string) func(no, data, key string) string {
	return func(no, data, key string) string { return MD5(no + text(data) + key) }
}

// lines lays a flat object out in lines.
func lines(end, indent, colon string) func(data string) string {
	return func(data string) string {
		return "{" + end + indent + strings.NewReplacer(`,"`, ","+end+indent+`"`, `":`, `"`+colon).Replace(strings.Trim(data, "{}")) + end + "}"
	}
}

func allSorted(data string) string {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal([]byte(data), &fields); err != nil {
		panic(err) // the texts of this package
	}
	text, err := json.Marshal(fields)
	if err != nil {
		panic(err) // they were just read
	}
	return strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(string(text))
}

// schemes are other ways to sign that were seen in the field, for every push.
var schemes = []scheme{
	{"lower case", "lower-case", func(no, data, key string) string { return strings.ToLower(MD5(no + data + key)) }},
	{"WeChat Pay v2", "wechat-pay-style", func(_, data, key string) string { return MD5(query(data, true) + "&key=" + key) }},
	{"MD5 of the MD5, lower case", "md5-twice", func(no, data, key string) string { return MD5(strings.ToLower(MD5(no + data + key))) }},
	{"MD5 of the MD5, upper case", "md5-twice", func(no, data, key string) string { return MD5(MD5(no + data + key)) }},
	{"UTF-16", "utf16-encoded", func(no, data, key string) string { return MD5(wide(no + data + key)) }},
	{"indented with CR LF", "json-spaced", over(lines("\r\n", "  ", ": "))},
	{"fastjson's pretty print, tabs", "json-spaced", over(lines("\n", "\t", ":"))},
	{"indented by four", "json-spaced", over(lines("\n", "    ", ": "))},
	{"Jackson's pretty print", "json-spaced", over(lines("\n", "  ", " : "))},
	{"spaces behind commas and colons", "json-spaced", over(strings.NewReplacer(`,"`, `, "`, `":`, `": `).Replace)},
	{"escaped characters", "json-escaped-unicode", over(func(data string) string { return escapedAll(data, false) })},
	{"escaped characters in upper case", "json-escaped-unicode", over(func(data string) string { return escapedAll(data, true) })},
	{"white space stripped", "whitespace-stripped", func(no, data, key string) string { return MD5(strings.ReplaceAll(no+data+key, " ", "")) }},
	{"URL-encoded once", "data-url-encoded", over(url.QueryEscape)},
	{"URL-encoded twice", "data-double-encoded", over(func(data string) string { return url.QueryEscape(url.QueryEscape(data)) })},
	{"the key first", "parts-reordered", func(no, data, key string) string { return MD5(key + no + data) }},
	{"data first", "parts-reordered", func(no, data, key string) string { return MD5(data + no + key) }},
	{"the formula of requests", "request-formula", func(_, data, key string) string { return MD5(data + key) }},
	{"joined by &", "ampersand-joined", func(no, data, key string) string { return MD5(no + "&" + data + "&" + key) }},
	{"no key", "key-missing", func(no, data, _ string) string { return MD5(no + data) }},
	{"a key with its line end", "key-trailing-newline", func(no, data, key string) string { return MD5(no + data + key + "\n") }},
	{"GBK", "gbk-encoded", over(func(data string) string { out, _ := simplifiedchinese.GBK.NewEncoder().String(data); return out })},
	{"truncated to 16 digits", "truncated", func(no, data, key string) string { return MD5(no + data + key)[8:24] }},
	{"merchant_no twice", "parts-repeated", func(no, data, key string) string { return MD5(no + no + data + key) }},
	{"signment left in, empty", "signment-included", over(func(data string) string { return strings.TrimSuffix(data, "}") + `,"signment":""}` })},
}

func escapedAll(data string, upper bool) string {
	var b strings.Builder
	for _, r := range data {
		if r < 0x80 {
			b.WriteRune(r)
			continue
		}
		escaped := escapeOf(r)
		if upper {
			escaped = `\u` + strings.ToUpper(escaped[2:])
		}
		b.WriteString(escaped)
	}
	return b.String()
}

// escapeOf is the escape of a character of the basic plane.
func escapeOf(r rune) string {
	const digits = "0123456789abcdef"
	return `\u` + string([]byte{digits[r>>12&15], digits[r>>8&15], digits[r>>4&15], digits[r&15]})
}

// Matrix is the list of other schemes, each for all four pushes; [Pushes] has the orders of Java's maps and the numbers, which differ from push to push.
func Matrix(no, key string) (all []Push) {
	for _, p := range []struct{ kind, data string }{{"entry", Entry}, {"exit", Exit}, {"unbind", Notice}, {"certification-invalid", Notice}} {
		for _, s := range schemes {
			all = append(all, Push{s.name, p.kind, strings.Split(s.kinds, "+"), p.data, s.sign(no, p.data, key)})
		}
		if sorted := allSorted(p.data); sorted != p.data {
			all = append(all, Push{"sorted", p.kind, []string{"field-order"}, p.data, MD5(no + sorted + key)})
		}
		values := valuesOf(p.data)
		all = append(all, Push{"the values joined", p.kind, []string{"values-joined"}, p.data, MD5(no + values + key)})
	}
	gson := strings.Replace(Entry, `"parkId":1002559`, `"parkId":1002559.0`, 1)
	all = append(all, Push{"Gson: Map<String, Object>", "entry", []string{"number-as-double"}, Entry, MD5(no + gson + key)})
	for _, kind := range []string{"unbind", "certification-invalid"} {
		all = append(all, Push{"HashMap", kind, []string{"hashmap-order"}, Notice, MD5(no + InOrder(Notice, noticeHashMap) + key)})
	}
	return all
}

// valuesOf are the values of a push joined.
func valuesOf(data string) string {
	dec := json.NewDecoder(strings.NewReader(data))
	dec.UseNumber()
	_, _ = dec.Token()
	var b strings.Builder
	for dec.More() {
		_, _ = dec.Token()
		value, _ := dec.Token()
		switch v := value.(type) {
		case string:
			b.WriteString(v)
		case json.Number:
			b.WriteString(v.String())
		}
	}
	return b.String()
}
