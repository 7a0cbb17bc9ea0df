package diagnose

import (
	"crypto/md5"
	"fmt"
	"strconv"
	"strings"

	"github.com/etcp-mock/etcp-mock/internal/lazyregexp"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

var (
	listed      = lazyregexp.New(`^(?:\{"type":"Buffer","data":|(?i:(?:byte|uint8_t|Uint8Array|bytearray|bytes|array|byte\[\])\s*(?:\(\d+\))?\s*))?[\[({<]*\s*(-?\d{1,3}|0[xX][0-9a-fA-F]{1,2})((?:\s*[, ;:|/.]\s*|\s+|-)(?:-?\d{1,3}|0[xX][0-9a-fA-F]{1,2})){15}\s*[\])}>]*$`)
	pythonBytes = lazyregexp.New(`^b['"](.*)['"]$`)
	byteNumber  = lazyregexp.New(`0[xX][0-9a-fA-F]{1,2}|-?\d{1,3}`)
	escaped     = lazyregexp.New(`^(?:0[xX][0-9a-fA-F]{1,2}){16}$`)
	runTogether = lazyregexp.New(`^-?\d[\d-]{24,62}$`)
)

// byteList reads the bytes of a hash that were printed as numbers, of which each is by itself: in decimals with a sign or without one, or as 0x0a.
func byteList(text string) (digest [md5.Size]byte, ok bool) {
	if m := pythonBytes().FindStringSubmatch(text); m != nil {
		raw, err := strconv.Unquote(`"` + strings.NewReplacer(`\'`, "'", `"`, `\"`).Replace(m[1]) + `"`)
		if err != nil || len(raw) != md5.Size {
			return digest, false
		}
		return [md5.Size]byte([]byte(raw)), true
	}
	if !listed().MatchString(text) && !escaped().MatchString(text) {
		return digest, false
	}
	inside := text[strings.LastIndexAny(text, "[({<")+1:]
	if !strings.ContainsAny(inside, ", ;:|/.") { // what stands between them is a -; a second one is a sign
		inside = strings.NewReplacer("--", " -", "-", " ").Replace("-" + inside)
	}
	numbers := byteNumber().FindAllString(inside, -1)
	if len(numbers) != md5.Size {
		return digest, false
	}
	pairs := 0
	for i, number := range numbers {
		n, err := strconv.ParseInt(number, 0, 16)
		if !strings.HasPrefix(strings.ToLower(number), "0x") {
			n, err = strconv.ParseInt(number, 10, 16)
		}
		if err != nil || n < -128 || n > 255 {
			return digest, false
		}
		if len(number) == 2 && number[0] != '-' {
			pairs++
		}
		digest[i] = byte(n)
	}
	return digest, pairs < md5.Size // sixteen pairs of digits are hex
}

// byNumber knows a hash whose bytes were printed each by itself.
func (s *search) byNumber(text string) (f Finding, how shape, ok bool) {
	if s.Want, ok = byteList(strings.TrimSpace(text)); !ok {
		return f, 0, false
	}
	if s.isRight() {
		return about("sign-bytes", beginsWith(text)), settled, true
	}
	return about("sign-bytes", beginsWith(text)), md5Sized, true
}

// bytePrints are the ways to print a byte that leave nothing between one and the next.
var bytePrints = []func(b byte) string{
	func(b byte) string { return strconv.Itoa(int(b)) },
	func(b byte) string { return strconv.Itoa(int(int8(b))) },
	func(b byte) string { return fmt.Sprintf("%03d", b) },
	func(b byte) string { return fmt.Sprintf("%03o", b) },
}

// printedTogether reports whether a hash printed byte by byte, with nothing between them, is a text.
func printedTogether(hash [md5.Size]byte, text string) bool {
	for _, print := range bytePrints {
		rest, found := text, true
		for _, b := range hash {
			if rest, found = strings.CutPrefix(rest, print(b)); !found {
				break
			}
		}
		if found && rest == "" {
			return true
		}
	}
	return false
}

// runTogether knows the numbers of a hash's bytes with nothing between them. Of the right hash they say it all; the search compares those of others.
func (s *search) runTogether(text string) (f Finding, how shape, ok bool) {
	if !runTogether().MatchString(text) || len(text) == 2*md5.Size {
		return f, 0, false
	}
	if printedTogether(s.sum(false), text) {
		return about("sign-bytes", beginsWith(text)), settled, true
	}
	s.Also, s.also = func(hash [md5.Size]byte) bool { return printedTogether(hash, text) }, "sign-bytes"
	if f, how, ok = s.numbered(text); !ok {
		how = md5Sized
	}
	return f, how, true
}

func beginsWith(text string) words.Phrase {
	shown := words.Visible(words.Cut(text, 40))
	return words.Phrase{En: "it begins with `" + shown + "`", Zh: "它以 `" + shown + "` 开头"}
}
