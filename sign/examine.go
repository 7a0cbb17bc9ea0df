package sign

import "cmp"

// Examination is what there is to say of one signature.
type Examination struct {
	OK       bool
	Expected string    // the right signature
	Signed   string    // the text that is hashed for it, with every key in it as •••
	Findings []Finding // none where the signature is right; see [Diagnose]
}

// Examine says whether a request's signature is right (§6), what would be, and what [Diagnose] says of it. The right
// signature is for whoever knows the key anyway: it is as good as one request.
func Examine(a RequestAttempt) Examination {
	d := newDoctor(a)
	ws := a.Whitespace
	if ws == Either {
		ws = Exact
	}
	hash := upperHex(d.sum(ws == Strip))
	e := Examination{Expected: string(hash[:]), Signed: d.plain(ws == Strip), Findings: d.request(a)}
	e.OK = len(e.Findings) == 0
	return e
}

// ExaminePush does for a push (§10) what [Examine] does for a request. Its error matches [ErrMalformed].
func ExaminePush(a PushAttempt) (Examination, error) {
	fields, _, err := parsePush(a.Body)
	if err != nil {
		return Examination{}, err
	}
	data := PushText(fields, a.SignData)
	d := pushDoctor(a)
	d.right.data = data
	e := Examination{Expected: Push(a.MerchantNo, data, a.Key), Signed: d.plain(false), Findings: DiagnosePush(a)}
	e.OK = len(e.Findings) == 0
	return e, nil
}

// plain is the right text as it is, but for the keys.
func (d *doctor) plain(strip bool) string {
	const many = 64 << 10 // of a longer text only the merchant's own key is hidden
	if d.right.size() > many {
		d.secrets = dresses([]string{}, d.right.key)
		defer func() { d.secrets = nil }()
	}
	g := d.right
	g.data, g.stamp, g.no, g.key = d.mask(g.data), d.mask(g.stamp), d.mask(g.no), hidden
	text := g.append(nil)
	if strip {
		text = appendStripped(nil, string(text))
	}
	return string(text)
}

func newDoctor(a RequestAttempt) *doctor {
	return &doctor{
		right:  guess{form: []string{theData, theKey, theStamp}, values: values{a.Data, a.Key, a.Stamp, a.MerchantNo}},
		rule:   cmp.Or(a.Whitespace, Exact),
		left:   effort,
		others: a.OtherKeys,
	}
}

func pushDoctor(a PushAttempt) *doctor {
	return &doctor{
		right:  guess{form: []string{theNo, theData, theKey}, values: values{key: a.Key, no: a.MerchantNo}},
		left:   effort,
		others: a.OtherKeys,
	}
}
