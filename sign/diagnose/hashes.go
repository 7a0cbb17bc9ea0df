package diagnose

import (
	"bytes"
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha3"
	"crypto/sha512"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"hash/crc32"
	"slices"
	"strings"

	"github.com/emmansun/gmsm/sm3"

	"github.com/etcp-mock/etcp-mock/sign"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/guess"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/wire"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

// algorithm is a hash that is used for MD5, and for HMAC with it.
type algorithm struct {
	name string
	make func() hash.Hash
}

var algorithms = []algorithm{
	{"md5", md5.New},
	{"sha1", sha1.New},
	{"sha256", sha256.New},
	{"sha512", sha512.New},
	{"sha384", sha512.New384},
	{"sha224", sha256.New224},
	{"sm3", sm3.New},
	{"sha3-256", func() hash.Hash { return sha3.New256() }},
	{"sha3-512", func() hash.Hash { return sha3.New512() }},
	{"sha512-256", sha512.New512_256},
}

// otherHash tries other hashes than MD5: of the right text, of texts with one likely mistake, and as HMAC.
func (s *search) otherHash(g guess.Guess, want []byte) (guess.Guess, bool) {
	g.Evidence = words.Phrase{En: fmt.Sprintf("the signature has %d digits", 2*len(want)), Zh: fmt.Sprintf("签名有 %d 位", 2*len(want))}
	if crc := crc32.ChecksumIEEE(g.Append(nil)); len(want) == crc32.Size && crc == binary.BigEndian.Uint32(want) {
		g.Mistakes = []guess.Mistake{{Kind: "crc32"}}
		return g, true
	}
	for _, a := range algorithms {
		h := a.make()
		if size := h.Size(); len(want) >= 8 && len(want) < size && g.Size() <= wire.Longest && s.begins(h, &g, want) {
			cut := s.row(a.name).What.Plus(fmt.Sprintf(", cut to %d digits", 2*len(want)), fmt.Sprintf("，并截断为 %d 位", 2*len(want)))
			g.Mistakes = []guess.Mistake{{Kind: a.name, What: cut}}
			return g, true
		} else if size != len(want) {
			continue
		}
		if s.gives(h, &g, want) {
			g.Mistakes = []guess.Mistake{{Kind: a.name}}
			return g, true
		}
		for _, try := range []func(algorithm, guess.Guess, []byte) (guess.Guess, bool){s.authenticated, s.exchanged, s.otherHashOfMistake} {
			if hit, ok := try(a, g, want); ok {
				return hit, true
			}
		}
	}
	return g, false
}

// gives reports whether a guess's text has the hash that is wanted.
func (s *search) gives(h hash.Hash, g *guess.Guess, want []byte) bool {
	text := g.Append(s.Buf[:0])
	if s.Rule == sign.Strip {
		text = wire.Stripped(text)
	}
	s.Hashed += len(text)
	s.Left -= len(text) + guess.Overhead
	h.Reset()
	h.Write(text)
	return bytes.Equal(h.Sum(nil), want)
}

// begins reports whether the hash of a guess's text begins with what came.
func (s *search) begins(h hash.Hash, g *guess.Guess, came []byte) bool {
	text := g.Append(s.Buf[:0])
	s.Hashed += len(text)
	s.Left -= len(text) + guess.Overhead
	h.Reset()
	h.Write(text)
	return bytes.HasPrefix(h.Sum(nil), came)
}

// authenticated tries HMAC with the key over the parts in the orders that were seen.
func (s *search) authenticated(a algorithm, g guess.Guess, want []byte) (guess.Guess, bool) {
	mac := hmac.New(a.make, []byte(g.Key))
	forms := [][]string{
		s.unkeyed(),
		s.Right.Form,
		{guess.TheData},
		{guess.TheData, guess.TheStamp, guess.TheNo},
		{guess.TheNo, guess.TheData, guess.TheStamp},
		{guess.TheNo, guess.TheStamp, guess.TheData},
		{guess.TheStamp, guess.TheData},
		{"data=", guess.TheData, "&merchant_no=", guess.TheNo, "&time_stamp=", guess.TheStamp},
		{"data=", guess.TheData, "&merchant_no=", guess.TheNo, "&time_stamp=", guess.TheStamp, "&key=", guess.TheKey},
		{"data=", guess.TheData, "&time_stamp=", guess.TheStamp},
		{"merchant_no=", guess.TheNo, "&time_stamp=", guess.TheStamp, "&data=", guess.TheData},
	}
	if g.Size() <= wire.Longest {
		forms = append(forms, []string{guess.TheStamp, "\n", guess.TheData}, []string{guess.TheData, "\n", guess.TheStamp}, []string{guess.TheStamp, "\n", guess.TheKey})
	}
	for _, form := range forms {
		if g.Form = form; s.gives(mac, &g, want) {
			g.Mistakes = []guess.Mistake{{Kind: "hmac-" + a.name}}
			return g, true
		}
	}
	if g.Size() <= wire.Longest {
		return s.authenticatedWith(a, g, want)
	}
	return g, false
}

// authenticatedWith tries HMAC with the key as it was read or written wrongly.
func (s *search) authenticatedWith(a algorithm, g guess.Guess, want []byte) (guess.Guess, bool) {
	key := g.Key
	sum := md5.Sum([]byte(key))
	digest := hex.EncodeToString(sum[:])
	wrong := []struct{ key, en, zh string }{
		{key + "\n", "with a line end behind the key", "密钥后带有换行符"},
		{key + "\r\n", "with a line end behind the key", "密钥后带有换行符"},
		{key + "&", "with & behind the key", "密钥后带有 &"},
		{key + " ", "with a space behind the key", "密钥后带有空格"},
		{strings.ToLower(key), "with the key in lower case", "密钥用了小写"},
		{strings.ToUpper(key), "with the key in upper case", "密钥用了大写"},
		{digest, "with the MD5 of the key", "用的是密钥的 MD5"},
		{strings.ToUpper(digest), "with the MD5 of the key", "用的是密钥的 MD5"},
		{base64.StdEncoding.EncodeToString([]byte(key)), "with the key in Base64", "密钥做了 Base64"},
	}
	if raw, err := hex.DecodeString(key); err == nil {
		wrong = append(wrong, struct{ key, en, zh string }{string(raw), "with the key decoded from hex", "密钥做了十六进制解码"})
	}
	if raw, err := base64.StdEncoding.DecodeString(key); err == nil {
		wrong = append(wrong, struct{ key, en, zh string }{string(raw), "with the key decoded from Base64", "密钥做了 Base64 解码"})
	}
	for _, w := range wrong {
		mac := hmac.New(a.make, []byte(w.key))
		for _, form := range [][]string{s.unkeyed(), {guess.TheData}} {
			if g.Form = form; w.key != key && s.gives(mac, &g, want) {
				what := s.row("hmac-"+a.name).What.Plus(", "+w.en, "，且"+w.zh)
				g.Mistakes = []guess.Mistake{{Kind: "hmac-" + a.name, What: what}}
				return g, true
			}
		}
	}
	return g, false
}

// exchanged tries HMAC whose two arguments were exchanged: the text is the key, and the key is hashed.
func (s *search) exchanged(a algorithm, g guess.Guess, want []byte) (guess.Guess, bool) {
	for _, form := range [][]string{s.unkeyed(), s.Right.Form, {guess.TheData}} {
		g.Form = form
		text := g.Append(nil)
		s.Hashed += len(text)
		s.Left -= len(text) + guess.Overhead
		mac := hmac.New(a.make, text)
		mac.Write([]byte(g.Key))
		if bytes.Equal(mac.Sum(nil), want) {
			what := words.Phrase{En: "the hash is HMAC, and its two arguments were exchanged: the text was given as the key, and the key was hashed", Zh: "所用哈希是 HMAC，且两个参数传反了：文本当成了密钥，求哈希的却是密钥"}
			g.Mistakes = []guess.Mistake{{Kind: "hmac-" + a.name, What: what}}
			return g, true
		}
	}
	return g, false
}

// otherHashOfMistake tries another hash, or HMAC, of texts with one likely mistake.
func (s *search) otherHashOfMistake(a algorithm, g guess.Guess, want []byte) (hit guess.Guess, ok bool) {
	h, mac, unkeyed := a.make(), hmac.New(a.make, []byte(g.Key)), s.unkeyed()
	if a.name != "md5" { // of MD5 the search has used what there was
		s.Left = max(s.Left, guess.Effort/4)
	}
	take := func(kind string, next *guess.Guess) {
		hit, ok = next.Noted(), true
		hit.Mistakes = append(hit.Mistakes, guess.Mistake{Kind: kind, Evidence: g.Evidence})
	}
	s.expand(s.Right, guess.InRaw, 1, true, func(next guess.Guess) bool {
		if next.Rehash != nil {
			return s.Left >= 0
		}
		if a.name != "md5" && s.gives(h, &next, want) { // of MD5 its guesses were tried
			take(a.name, &next)
		}
		if !ok && slices.Equal(next.Form, s.Right.Form) {
			if next.Form = unkeyed; s.gives(mac, &next, want) {
				take("hmac-"+a.name, &next)
			}
		}
		return !ok && s.Left >= 0
	})
	return hit, ok
}

// unkeyed is the right form without the key.
func (s *search) unkeyed() []string { return slices.DeleteFunc(slices.Clone(s.Right.Form), isKey) }

func isKey(name string) bool { return name == guess.TheKey }
