package diagnose

import (
	"crypto/hmac"
	"crypto/md5"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"hash"
	"hash/crc32"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/guess"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/wire"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

// Candidate is the signature that one kind of mistake, or two together, leads to.
type Candidate struct {
	Kinds        []string
	Signature    string
	What, WhatZh string // what happens
	Fix, FixZh   string // what to do
}

// Candidates are the signatures of all likely mistakes made with a push: what a receiver computes that makes them, or a sender sends. Each
// signature comes once, with the simplest explanation. The right one is not among them.
func (p Push) Candidates(yield func(Candidate) bool) error {
	s, _, err := p.search()
	if err != nil {
		return err
	}
	s.rare = true
	right := s.sum(false)
	all := map[string]bool{guess.UpperHex(right): true}
	one := func(kind, signature string) bool {
		if all[signature] {
			return true
		}
		all[signature] = true
		return yield(s.candidate(signature, []guess.Mistake{{Kind: kind}}))
	}
	if !s.printedOtherwise(right, one) {
		return nil
	}
	seen := map[[16]byte]bool{right: true}
	inLower := map[[16]byte]bool{}
	guessed := func(g guess.Guess, known map[[16]byte]bool, lower bool) bool {
		s.Buf = g.Append(s.Buf[:0])
		sum := g.Hash(s.Buf)
		if known[sum] {
			return true
		}
		known[sum] = true
		g = g.Noted()
		if lower {
			return yield(s.candidate(strings.ToLower(guess.UpperHex(sum)), append([]guess.Mistake{{Kind: "lower-case"}}, g.Mistakes...)))
		}
		return yield(s.candidate(guess.UpperHex(sum), g.Mistakes))
	}
	for i, pass := range []struct {
		depth            int
		few, deep, lower bool
	}{
		{depth: 1, few: true}, {depth: 2, few: true, deep: true}, // the likely ones first, and what JSON libraries do
		{depth: 1, few: true, lower: true}, {depth: 2, few: true, deep: true, lower: true}, {depth: 1}, {depth: 2, few: true},
	} {
		if i == 2 && !s.sortedAnew(func(g guess.Guess) bool { return guessed(g, seen, false) }) {
			return nil
		}
		if i == 4 && !s.bothLikely(func(g guess.Guess) bool { return guessed(g, seen, false) }) { // before the many variants of the rare ones
			return nil
		}
		if i == 1 && !s.hashedOtherwise(one) { // behind what JSON libraries do, which is more likely: a slow endpoint is asked few of them
			break
		}
		if !pass.few && !s.misread(func(g guess.Guess) bool { return guessed(g, seen, false) }) { // the unlikely ones follow
			return nil
		}
		s.deep = pass.deep
		known := seen
		if pass.lower {
			known = inLower
		}
		more := s.expand(s.Right, guess.InRaw, pass.depth, pass.few, func(g guess.Guess) bool { return guessed(g, known, pass.lower) })
		if !more {
			return nil
		}
	}
	return nil
}

// ofSorters are what a library does that sorts names, such as Python's json.dumps with sort_keys=True.
var ofSorters = []string{"field-order", "json-spaced", "json-escaped-unicode", "json-escaped-slash"}

// sortedAnew yields the guesses with three mistakes of a library that sorts. It reports whether yield wants more.
func (s *search) sortedAnew(yield func(guess.Guess) bool) bool {
	s.deep = true
	return s.expand(s.Right, guess.InOrder, 3, true, func(g guess.Guess) bool {
		kinds := append(g.Kinds(), g.Last.Kind)
		return slices.ContainsFunc(kinds, func(kind string) bool { return !slices.Contains(ofSorters, kind) }) || yield(g)
	})
}

// A receiver that makes two mistakes makes the likely ones: it writes the push anew or reads it in another charset, and puts the parts together otherwise.
var (
	ofTheText = []string{"field-order", "hashmap-order", "json-escaped-unicode", "json-spaced", "gbk-encoded", "utf8-twice", "map-to-string", "key-trailing-newline"}
	ofTheForm = []string{"request-formula", "parts-reordered", "key-missing", "md5-twice", "key-trailing-newline", "map-to-string", "gbk-encoded", "utf8-twice"}
)

// bothLikely yields the guesses with two likely mistakes. It reports whether yield wants more.
func (s *search) bothLikely(yield func(guess.Guess) bool) bool {
	s.deep = false
	return s.expand(s.Right, guess.InRaw, 2, true, func(g guess.Guess) bool {
		kinds := g.Kinds()
		return !slices.Contains(ofTheText, kinds[0]) || !slices.Contains(ofTheForm, g.Last.Kind) || yield(g)
	})
}

func (s *search) candidate(signature string, mistakes []guess.Mistake) Candidate {
	c := Candidate{Signature: signature}
	for i, m := range mistakes {
		what, fix := s.words(m)
		if i > 0 {
			what, fix = words.Phrase{En: "; " + what.En, Zh: "；" + what.Zh}, words.Phrase{En: "; " + fix.En, Zh: "；" + fix.Zh}
		}
		c.Kinds = append(c.Kinds, m.Kind)
		c.What, c.WhatZh, c.Fix, c.FixZh = c.What+what.En, c.WhatZh+what.Zh, c.Fix+fix.En, c.FixZh+fix.Zh
	}
	return c
}

// printedOtherwise yields the right hash printed in other ways. It reports whether yield wants more.
func (s *search) printedOtherwise(right [md5.Size]byte, yield func(kind, signature string) bool) bool {
	all := guess.UpperHex(right)
	var pairs, shortened []string // the bytes in two digits, and in as many as each needs
	for i, b := range right {
		pairs, shortened = append(pairs, all[2*i:2*i+2]), append(shortened, strconv.FormatUint(uint64(b), 16))
	}
	sparse, trimmed := strings.Join(shortened, ""), strings.TrimLeft(all, "0")
	for _, c := range [][2]string{
		{"lower-case", strings.ToLower(all)},
		{"truncated", all[8:24]},
		{"truncated", strings.ToLower(all[8:24])},
		{"hex-twice", hex.EncodeToString([]byte(strings.ToLower(all)))},
		{"sign-separated", strings.Join(pairs, "-")},
		{"leading-zero-dropped", strings.ToUpper(sparse)},
		{"leading-zero-dropped", sparse},
		{"leading-zero-dropped", trimmed},
		{"leading-zero-dropped", strings.ToLower(trimmed)},
		{"sign-extended", strings.ToLower(extended(right))},
		{"sign-number", new(big.Int).SetBytes(right[:]).String()},
		{"sign-number", signed(right).Text(16)}, // Java's new BigInteger(digest).toString(16)
		{"sign-uuid", dashed(uuidOf(right))},
		{"sign-uuid", dashed(guidOf(right))},
		{"sign-byte-order", strings.ToUpper(hex.EncodeToString(inWords(right)))},
		{"sign-byte-order", hex.EncodeToString(inWords(right))},
		{"base64", base64.StdEncoding.EncodeToString(right[:])},
		{"crc32", fmt.Sprintf("%08X", crc32.ChecksumIEEE(s.Right.Append(nil)))},
		{"crc32", strconv.FormatUint(uint64(crc32.ChecksumIEEE(s.Right.Append(nil))), 16)},
	} {
		if !yield(c[0], c[1]) {
			return false
		}
	}
	return true
}

// hashedOtherwise yields the right text under other hashes, and under HMAC over what of it was seen, with its two arguments in either order.
func (s *search) hashedOtherwise(yield func(kind, signature string) bool) bool {
	if s.Right.Size() > wire.Huge {
		return true
	}
	key, text := []byte(s.Right.Key), s.Right.Append(nil)
	part := func(form []string) []byte {
		g := s.Right
		g.Form = form
		return g.Append(nil)
	}
	unkeyed, onlyData := part(s.unkeyed()), part([]string{guess.TheData})
	for _, a := range algorithms {
		mac := func(key, text []byte) hash.Hash {
			h := hmac.New(a.make, key)
			h.Write(text)
			return h
		}
		plain := a.make()
		plain.Write(text)
		for _, c := range []struct {
			kind string
			hash hash.Hash
		}{{a.name, plain}, {"hmac-" + a.name, mac(key, unkeyed)}, {"hmac-" + a.name, mac(key, text)}, {"hmac-" + a.name, mac(key, onlyData)}, {"hmac-" + a.name, mac(unkeyed, key)}, {"hmac-" + a.name, mac(append(slices.Clone(key), '\n'), unkeyed)}} {
			digits := hex.EncodeToString(c.hash.Sum(nil)) // of MD5 the right one, which was seen
			if !yield(c.kind, strings.ToUpper(digits)) || !yield(c.kind, digits) {
				return false
			}
		}
	}
	return true
}
