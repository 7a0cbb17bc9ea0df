package platform

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/platform/nearby"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
)

// sealer makes values that only this sandbox can have made: verificationInfo
// (§9.7) and scrollId (§9.10). They are sealed, not stored, so that asking for
// one changes nothing. The nonce is a digest of a secret and the content: the
// same content always seals to the same text.
type sealer struct {
	aead   cipher.AEAD
	secret [sha256.Size]byte // of the nonces
}

func newSealer(seed uint64) *sealer {
	key := sha256.Sum256(fmt.Appendf(nil, "etcp-mock seal %d", seed))
	secret := sha256.Sum256(fmt.Appendf(nil, "etcp-mock seal nonce %d", seed))
	block, err := aes.NewCipher(key[:])
	if err != nil {
		panic(err) // the key has AES-256's length
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		panic(err) // AES has GCM's block size
	}
	return &sealer{aead: aead, secret: secret}
}

// seals gives the state's sealer, which is made when it is first needed: most sandboxes seal nothing.
func (w *State) seals() *sealer {
	if w.sealer == nil {
		w.sealer = newSealer(w.seed)
	}
	return w.sealer
}

var errSeal = errors.New("it was not made by this sandbox, or was changed on the way")

func (s *sealer) seal(purpose string, content []byte) string {
	var room [256]byte
	text := append(room[:0], s.secret[:]...)
	text = append(text, purpose...)
	text = append(text, content...)
	digest := sha256.Sum256(text)
	nonce := digest[:s.aead.NonceSize()]
	return base64.StdEncoding.EncodeToString(s.aead.Seal(append(text[:0], nonce...), nonce, content, []byte(purpose)))
}

func (s *sealer) open(purpose, text string) ([]byte, error) {
	raw, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil || len(raw) < s.aead.NonceSize() || strings.ContainsAny(text, "\r\n") { // base64 would pass over line breaks
		return nil, errSeal
	}
	n := s.aead.NonceSize()
	content, err := s.aead.Open(nil, raw[:n], raw[n:], []byte(purpose))
	if err != nil {
		return nil, errSeal
	}
	return content, nil
}

// quote is what verificationInfo carries: the order, what was left to pay and when.
type quote struct {
	order  string
	amount notation.Fen
	at     time.Time
}

// quoteBytes make 128 characters of base64 with the seal's 12 and 16 bytes.
const quoteBytes = 96 - 12 - 16

func (s *sealer) sealQuote(q quote) string {
	var b [quoteBytes]byte
	_, _ = hex.Decode(b[:16], []byte(strings.ReplaceAll(q.order, "-", ""))) // an order id is a UUID
	binary.BigEndian.PutUint64(b[16:], uint64(q.amount))                    //nolint:gosec // and back, bit for bit
	binary.BigEndian.PutUint64(b[24:], uint64(q.at.UnixNano()))
	return s.seal("quote", b[:])
}

func (s *sealer) openQuote(text string) (quote, error) {
	b, err := s.open("quote", text)
	if err != nil {
		return quote{}, err
	}
	id := strings.ToUpper(hex.EncodeToString(b[:16]))
	return quote{
		order:  id[:8] + "-" + id[8:12] + "-" + id[12:16] + "-" + id[16:20] + "-" + id[20:],
		amount: notation.Fen(binary.BigEndian.Uint64(b[16:])),                              //nolint:gosec // as sealQuote wrote it
		at:     time.Unix(0, int64(binary.BigEndian.Uint64(b[24:]))).In(notation.Shanghai), //nolint:gosec // as sealQuote wrote it
	}, nil
}

// scroll is what a scrollId carries: whose query it is, the query, and the last
// car park shown.
type scroll struct {
	Merchant string  `json:"m"`
	Lat      float64 `json:"a,omitempty"`
	Lon      float64 `json:"o,omitempty"`
	Radius   int     `json:"r,omitempty"`
	City     string  `json:"c,omitempty"`
	PayType  bool    `json:"p,omitempty"`
	Distance int64   `json:"d,omitempty"` // millimetres
	After    string  `json:"i,omitempty"`
}

func (v *scroll) circle() nearby.Circle {
	return nearby.Circle{Lat: v.Lat, Lon: v.Lon, Radius: v.Radius, Electronic: v.PayType, AfterDistance: v.Distance, After: v.After}
}

func (s *sealer) sealScroll(v scroll) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // plain values always encode
	}
	return s.seal("scroll", b)
}

func (s *sealer) openScroll(text string) (scroll, error) {
	var v scroll
	b, err := s.open("scroll", text)
	if err == nil {
		err = json.Unmarshal(b, &v)
	}
	return v, err
}
