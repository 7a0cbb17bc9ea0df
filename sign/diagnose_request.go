package sign

import (
	"crypto/md5"
	"encoding/hex"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/internal/zone"
)

// RequestAttempt is a request whose signature is to be explained.
type RequestAttempt struct {
	MerchantNo string
	Key        string // the merchant's key
	Data       string // the decoded parameter data
	RawData    string // data as it came in, URL-encoded, where that is known
	Stamp      string // time_stamp
	Sign       string // the signature that came with it
	Whitespace Whitespace
	OtherKeys  map[string]string // the keys of the other merchants by their number
}

// Diagnose is the signature doctor: it says what was signed instead of data + key + time_stamp (§6). It tries the
// mistakes merchants make, one at a time and a few together, and reports the first that gives the signature; a lower
// case one is reported beside what else is wrong. A right signature has no findings, one that fits nothing the finding
// unknown. No key is ever part of a finding. A diagnosis takes less than 2 ms.
func Diagnose(a RequestAttempt) []Finding { return newDoctor(a).request(a) }

func (d *doctor) request(a RequestAttempt) []Finding {
	if a.Sign == "" {
		return []Finding{about("sign-missing", phrase{"there is no signature", "没有签名"})}
	}
	if d.verified(a.Sign) {
		return nil
	}
	return d.diagnose(a.Sign, d.requestGuesses(a))
}

// requestGuesses yields what a request's signature may have been made of, likely mistakes first.
func (d *doctor) requestGuesses(a RequestAttempt) iter.Seq[guess] {
	return func(yield func(guess) bool) {
		for _, guesses := range []iter.Seq[guess]{
			d.stripped, d.requestForms, d.keys, d.stamps,
			func(yield func(guess) bool) { d.encodings(a.RawData, yield) },
			d.otherKeys,
			d.jsonTexts,
			func(yield func(guess) bool) { d.formsOfEncodings(a.RawData, yield) },
		} {
			for g := range guesses {
				if !yield(g) {
					return
				}
			}
		}
	}
}

// like is the right guess with something else in it.
func (d *doctor) like(kind string, change func(*guess)) guess {
	g := d.right
	g.kinds = []string{kind}
	change(&g)
	return g
}

func (d *doctor) stripped(yield func(guess) bool) {
	strip := func(s string) string { return string(appendStripped(nil, s)) }
	_ = yield(d.like("whitespace-stripped", func(g *guess) {
		g.data, g.key, g.stamp, g.no = strip(g.data), strip(g.key), strip(g.stamp), strip(g.no)
	})) && yield(d.like("whitespace-kept", func(*guess) {})) // the verifier may be the one that strips
}

var requestForms = []struct {
	kind string
	form []string
}{
	{"key-missing", []string{theData, theStamp}},
	{"key-stamp-swapped", []string{theData, theStamp, theKey}},
	{"parts-reordered", []string{theKey, theData, theStamp}},
	{"parts-reordered", []string{theKey, theStamp, theData}},
	{"parts-reordered", []string{theStamp, theData, theKey}},
	{"parts-reordered", []string{theStamp, theKey, theData}},
	{"stamp-missing", []string{theData, theKey}},
	{"data-missing", []string{theKey, theStamp}},
	{"push-formula", []string{theNo, theData, theKey}},
	{"merchant-no-included", []string{theNo, theData, theKey, theStamp}},
	{"merchant-no-included", []string{theData, theKey, theStamp, theNo}},
	{"merchant-no-included", []string{theData, theNo, theKey, theStamp}},
	{"merchant-no-for-key", []string{theData, theNo, theStamp}},
	{"ampersand-joined", []string{theData, "&", theKey, "&", theStamp}},
	{"ampersand-joined", []string{"data=", theData, "&key=", theKey, "&time_stamp=", theStamp}},
	{"ampersand-joined", []string{"data=", theData, "&merchant_key=", theKey, "&time_stamp=", theStamp}},
	{"ampersand-joined", []string{"data=", theData, "&time_stamp=", theStamp, "&key=", theKey}},
	{"ampersand-joined", []string{"data=", theData, "&merchant_no=", theNo, "&time_stamp=", theStamp, "&key=", theKey}},
	{"ampersand-joined", []string{"data=", theData, "&merchant_no=", theNo, "&time_stamp=", theStamp, theKey}},
	{"ampersand-joined", []string{"merchant_no=", theNo, "&time_stamp=", theStamp, "&data=", theData, "&key=", theKey}},
	{"separator-joined", []string{theData, ",", theKey, ",", theStamp}},
	{"separator-joined", []string{theData, "|", theKey, "|", theStamp}},
	{"separator-joined", []string{theData, "+", theKey, "+", theStamp}},
	{"separator-joined", []string{theData, "_", theKey, "_", theStamp}},
	{"separator-joined", []string{theData, " ", theKey, " ", theStamp}},
	{"separator-joined", []string{theData, " + ", theKey, " + ", theStamp}},
	{"separator-joined", []string{theData, "\n", theKey, "\n", theStamp}},
	{"trailing-newline", []string{theData, theKey, theStamp, "\n"}},
	{"trailing-newline", []string{theData, "\n", theKey, theStamp}},
}

func (d *doctor) requestForms(yield func(guess) bool) {
	for _, f := range requestForms {
		if !yield(d.like(f.kind, func(g *guess) { g.form = f.form })) {
			return
		}
	}
}

// keys are the ways a key gets spoiled between a settings page and a program.
func (d *doctor) keys(yield func(guess) bool) {
	key := d.right.key
	sum := md5.Sum([]byte(key))
	upper := upperHex(sum)
	for _, k := range [][2]string{
		{"key-trailing-newline", key + "\n"},
		{"key-trailing-newline", key + "\r\n"},
		{"key-padded", key + " "},
		{"key-padded", " " + key},
		{"key-padded", key + "\t"},
		{"key-padded", "\uFEFF" + key},
		{"key-padded", `"` + key + `"`},
		{"key-trimmed", strings.TrimSpace(key)},
		{"key-case", strings.ToLower(key)},
		{"key-case", strings.ToUpper(key)},
		{"key-hashed", hex.EncodeToString(sum[:])},
		{"key-hashed", string(upper[:])},
	} {
		if k[1] != key && !yield(d.like(k[0], func(g *guess) { g.key = k[1] })) {
			return
		}
	}
}

// stamps are other ways to write the instant of time_stamp, and instants near it, for clients that ask the clock twice.
func (d *doctor) stamps(yield func(guess) bool) {
	const layout = "20060102150405"
	shanghai := zone.Shanghai
	at, err := time.ParseInLocation(layout, d.right.stamp, shanghai)
	if err != nil {
		return
	}
	try := func(kind, stamp string) bool {
		return stamp == d.right.stamp || yield(d.like(kind, func(g *guess) { g.stamp = stamp }))
	}
	seconds := strconv.FormatInt(at.Unix(), 10)
	formats := []string{seconds, seconds + "000", d.right.stamp + "000"}
	for _, layout := range []string{
		time.DateTime, "2006-01-02T15:04:05", time.RFC3339, "2006-01-02T15:04:05.000Z07:00", "2006/01/02 15:04:05",
		"20060102030405", "200601021504", "060102150405", "2006-01-02 15:04", time.DateOnly, "20060102",
	} {
		formats = append(formats, at.Format(layout), at.UTC().Format(layout))
	}
	for _, f := range formats {
		if f != at.UTC().Format(layout) && !try("stamp-format", f) {
			return
		}
	}
	for hour := -12; hour <= 14; hour++ {
		if !try("stamp-zone", at.In(time.FixedZone("", hour*60*60)).Format(layout)) {
			return
		}
	}
	for s := 1; s <= 10; s++ {
		if !try("stamp-drift", at.Add(-time.Duration(s)*time.Second).Format(layout)) ||
			!try("stamp-drift", at.Add(time.Duration(s)*time.Second).Format(layout)) {
			return
		}
	}
}

// otherKeys are the keys of other merchants. Two may have the same key: the first number is named. However many there are,
// half of the effort is left for what comes after.
func (d *doctor) otherKeys(yield func(guess) bool) {
	name := ""
	g := d.right
	for no, key := range d.others {
		if d.left < effort/2 {
			break
		}
		g.key = key
		if (name == "" || no < name) && d.fits(&g) {
			name = no
		}
	}
	if name == "" {
		return
	}
	yield(d.like("other-merchant-key", func(g *guess) {
		who := d.show(name, -1)
		g.key, g.note = d.others[name], phrase{"the key is that of merchant " + who, "所用密钥属于商户 " + who}
	}))
}

// formsOfEncodings are two mistakes at once: data encoded otherwise and put together otherwise.
func (d *doctor) formsOfEncodings(raw string, yield func(guess) bool) {
	encoded := slices.Collect(func(yield func(guess) bool) { d.encodings(raw, yield) })
	for _, f := range requestForms[:min(13, len(requestForms))] {
		for _, g := range encoded {
			g.kinds = append(slices.Clone(g.kinds), f.kind)
			g.form = f.form
			if !yield(g) {
				return
			}
		}
	}
}
