package inspect

import (
	"fmt"
	"net/url"
	"strings"
	"unicode"

	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

// Path says which endpoint of prefix was probably meant by a path that does not exist, of the names there are; false where none is near.
func Path(path, prefix string, names []string) (Finding, bool) {
	plain := path
	if decoded, err := url.PathUnescape(path); err == nil {
		plain = decoded
	}
	var parts []string
	for part := range strings.SplitSeq(plain, "/") {
		if part = strings.TrimFunc(part, func(r rune) bool { return unicode.IsSpace(r) || words.Invisible(r) }); part != "" {
			parts = append(parts, part)
		}
	}
	if len(parts) == 0 {
		return Finding{}, false
	}
	if strings.HasSuffix(strings.Trim(prefix, "/"), strings.Join(parts, "/")) {
		return words.Note("path", words.Phrase{En: "the name of the endpoint is missing", Zh: "缺少接口名"}, words.Phrase{En: "the path ends with " + words.Visible(words.Cut(path, 80)), Zh: "路径以 " + words.Visible(words.Cut(path, 80)) + " 结尾"},
			words.Phrase{En: "Send the request to " + prefix + " and one of " + strings.Join(names, ", "), Zh: "请把请求发到 " + prefix + " 加上接口名：" + strings.Join(names, "、")}), true
	}
	last := parts[len(parts)-1]
	if name, _, found := strings.Cut(last, "."); found { // bindcar.do, bindcar.json
		last = name
	}
	last, _, _ = strings.Cut(last, "?")
	last, _, _ = strings.Cut(last, ";") // ;jsessionid=…
	meant := ""
	for _, name := range names {
		if strings.EqualFold(name, last) {
			meant = name
		}
	}
	for _, name := range names {
		if meant == "" && near(strings.ToLower(last), name) {
			meant = name
		}
	}
	if meant == "" {
		const slips = 3
		best := slips
		for _, name := range names {
			given, limit := plainName(last), max(slips, len(name)/4)
			d := distance(given, name, limit)
			closer := d < best || d == best && meant != "" && words.FirstDifference(given, name) > words.FirstDifference(given, meant)
			if d < limit && (meant == "" || closer) {
				best, meant = d, name
			}
		}
	}
	if meant == "" {
		meant = within(plainName(last), names)
	}
	if meant == "" {
		return Finding{}, false
	}
	want := prefix + meant
	at := words.FirstDifference(path, want)
	return words.Note("path", words.Phrase{En: "did you mean " + want + "?", Zh: "是否想用 " + want + "？"},
		words.Phrase{En: fmt.Sprintf("first difference at byte %d: `%s`", at+1, words.Visible(words.Cut(path[at:], 40))), Zh: fmt.Sprintf("第一处不同在第 %d 字节：`%s`", at+1, words.Visible(words.Cut(path[at:], 40)))},
		words.Phrase{En: "Send the request to " + want, Zh: "请把请求发到 " + want}), true
}

// distance is how many letters have to be changed between two names, at most limit.
func distance(a, b string, limit int) int {
	if len(a) > 64 || max(len(a), len(b))-min(len(a), len(b)) >= limit {
		return limit
	}
	row := make([]int, len(b)+1)
	for i := range row {
		row[i] = i
	}
	for i := range len(a) {
		before := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := before
			if a[i] != b[j] {
				cost++
			}
			before = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// within is the endpoint whose name is a part of another one (getCarNum), or the only one that has it as a part (login).
func within(name string, names []string) (meant string) {
	const shortest = 4
	if len(name) < shortest {
		return ""
	}
	for _, full := range names {
		if strings.Contains(name, full) && len(full) > len(meant) {
			meant = full
		}
	}
	for _, has := range []func(s, part string) bool{strings.Contains, strings.HasPrefix} {
		var all []string
		for _, full := range names {
			if has(full, name) {
				all = append(all, full)
			}
		}
		if meant == "" && len(all) == 1 {
			meant = all[0]
		}
	}
	return meant
}
