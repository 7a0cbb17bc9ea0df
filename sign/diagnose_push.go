package sign

import (
	"cmp"
	"iter"
	"net/url"
	"slices"
	"strings"
)

// PushAttempt is a push whose signature is to be explained: one that was received with a wrong signment, or one for which
// a receiver computed another signment than it was sent with.
type PushAttempt struct {
	MerchantNo string
	Key        string
	Body       []byte            // the JSON as received, or as the sender made it
	Signment   string            // the signature to explain; empty means the one in Body
	SignData   PushData          // the rule push.sign_data
	OtherKeys  map[string]string // the keys of the other merchants by their number
}

// DiagnosePush does for a push (§10) what [Diagnose] does for a request (§6). A body that is no flat JSON object has the finding
// malformed.
func DiagnosePush(a PushAttempt) []Finding {
	d := pushDoctor(a)
	fields, sent, err := parsePush(a.Body)
	if err != nil {
		return []Finding{about("malformed", phrase{d.mask(err.Error()), "推送正文无法解析（" + d.mask(err.Error()) + "）"})}
	}
	signment := cmp.Or(a.Signment, sent)
	if signment == "" {
		return []Finding{about("signment-missing", phrase{"there is no signment", "没有 signment"})}
	}
	if (PushVerifier{a.MerchantNo, a.Key, a.SignData}).VerifyFields(fields, signment) == nil {
		return nil
	}
	d.right.data = PushText(fields, a.SignData)
	return d.diagnose(signment, d.pushGuesses(a, fields, sent))
}

// pushGuesses yields what a push's signature may have been made of, likely mistakes first.
func (d *doctor) pushGuesses(a PushAttempt, fields []Field, sent string) iter.Seq[guess] {
	return func(yield func(guess) bool) {
		for _, guesses := range []iter.Seq[guess]{
			d.pushForms,
			func(yield func(guess) bool) { d.otherReadings(fields, a.SignData, yield) },
			func(yield func(guess) bool) { d.withSignment(fields, sent, a.SignData, yield) },
			d.keys, d.stripped,
			d.otherKeys,
			func(yield func(guess) bool) { d.fieldTexts(fields, a.SignData, yield) },
			func(yield func(guess) bool) { d.encodings("", yield) },
		} {
			for g := range guesses {
				if !yield(g) {
					return
				}
			}
		}
	}
}

func (d *doctor) pushForms(yield func(guess) bool) {
	for _, f := range []struct {
		kind string
		form []string
	}{
		{"request-formula", []string{theData, theKey}},
		{"request-formula", []string{theData, theKey, theNo}},
		{"key-missing", []string{theNo, theData}},
		{"parts-reordered", []string{theKey, theData, theNo}},
		{"parts-reordered", []string{theData, theNo, theKey}},
		{"parts-reordered", []string{theNo, theKey, theData}},
		{"parts-reordered", []string{theKey, theNo, theData}},
		{"parts-reordered", []string{theKey, theData}},
		{"ampersand-joined", []string{theNo, "&", theData, "&", theKey}},
		{"ampersand-joined", []string{"merchant_no=", theNo, "&data=", theData, "&key=", theKey}},
		{"ampersand-joined", []string{"merchant_no=", theNo, "&data=", theData, "&merchant_key=", theKey}},
		{"ampersand-joined", []string{theData, "&key=", theKey}},
		{"separator-joined", []string{theNo, ",", theData, ",", theKey}},
		{"separator-joined", []string{theNo, "|", theData, "|", theKey}},
		{"trailing-newline", []string{theNo, theData, "\n", theKey}},
	} {
		if !yield(d.like(f.kind, func(g *guess) { g.form = f.form })) {
			return
		}
	}
}

var readings = []struct {
	how  PushData
	kind string
}{{JSON, "json-signed"}, {Values, "values-joined"}, {Query, "query-joined"}}

// otherReadings are the other values of the rule push.sign_data, and the query as a URL has it.
func (d *doctor) otherReadings(fields []Field, how PushData, yield func(guess) bool) {
	sorted := slices.Clone(fields)
	slices.SortStableFunc(sorted, func(a, b Field) int { return strings.Compare(a.Name, b.Name) })
	filled := slices.DeleteFunc(slices.Clone(fields), func(f Field) bool { return f.Value == "" })
	for _, r := range readings {
		for _, order := range []struct {
			fields []Field
			kind   string
		}{{fields, ""}, {sorted, "field-order"}, {filled, "empty-dropped"}} {
			var kinds []string
			if r.how != how && (how != "" || r.how != JSON) {
				kinds = append(kinds, r.kind)
			}
			if order.kind != "" {
				kinds = append(kinds, order.kind)
			}
			if len(kinds) > 0 && !yield(d.like("", func(g *guess) { g.kinds, g.data = kinds, PushText(order.fields, r.how) })) {
				return
			}
		}
	}
	pairs := make([]string, len(fields))
	for i, f := range fields {
		pairs[i] = url.QueryEscape(f.Name) + "=" + url.QueryEscape(string(appendValue(nil, f, false)))
	}
	yield(d.like("query-url-encoded", func(g *guess) { g.data = strings.Join(pairs, "&") }))
}

// withSignment are the texts of those who did not take the signature out before they signed or checked.
func (d *doctor) withSignment(fields []Field, sent string, how PushData, yield func(guess) bool) {
	for _, value := range []any{sent, "", Number("null")} {
		whole := append(slices.Clone(fields), Field{signmentName, value})
		if !yield(d.like("signment-included", func(g *guess) { g.data = PushText(whole, how) })) {
			return
		}
	}
}

// fieldTexts are the fields in other orders, and as JSON in other styles.
func (d *doctor) fieldTexts(fields []Field, how PushData, yield func(guess) bool) {
	if len(d.right.data) > longest {
		return
	}
	n := fieldsNode(fields)
	if how != Values && how != Query {
		if !d.styled(n, style{}, nil, renaming(yield)) || !d.altered(n, style{}, renaming(yield)) || !d.flattened(n, renaming(yield)) {
			return
		}
	}
	if len(fields) > 12 {
		return
	}
	moved := make([]Field, len(fields))
	for order := range orders(len(fields)) {
		for i, at := range order {
			moved[i] = fields[at]
		}
		if !yield(d.like("field-order", func(g *guess) { g.data = PushText(moved, how) })) {
			return
		}
	}
}

// renaming has a push's word for what is called otherwise in a request.
func renaming(yield func(guess) bool) func(guess) bool {
	return func(g guess) bool {
		g.kinds = slices.Clone(g.kinds)
		for i, kind := range g.kinds {
			if kind == "keys-sorted" {
				g.kinds[i] = "field-order"
			}
		}
		return yield(g)
	}
}
