// Package params reads data, the business parameters of a request, by the row of its endpoint (checks 7 to 9): what is missing or
// malformed is refused, what is odd gets a lint.
package params

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/etcp-mock/etcp-mock/internal/excerpt"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/reasons"
	"github.com/etcp-mock/etcp-mock/schemas"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/inspect"
)

// Input is an endpoint's business parameters after checks 8 and 9: present
// where required, of the right form, plates normalised. A parameter that is
// absent, null or "" reads as "".
type Input struct {
	row  *schemas.Endpoint
	text [maxParams]string
}

const maxParams = 8

// Get is the text of a parameter, or "" where there is none.
func (in *Input) Get(name string) string {
	for i := range in.row.Params {
		if in.row.Params[i].Name == name {
			return in.text[i]
		}
	}
	return ""
}

// Row is the endpoint whose parameters these are; nil of the zero Input, of which nothing has been read.
func (in *Input) Row() *schemas.Endpoint { return in.row }

// Lint is a note on an accepted request: the real platform may not accept it,
// or the document says otherwise.
type Lint struct {
	Rule     string `json:"rule"`
	Detail   string `json:"detail"`
	DetailZh string `json:"detailZh,omitempty"` // the same in Chinese
}

// Decode runs checks 7, 8 and 9 of docs/protocol.md over the decoded text of data
// and gives the endpoint's input, what deserves a note, or the refusal.
func Decode(row *schemas.Endpoint, data string) (Input, []Lint, *reasons.Refusal) {
	d := decoder{in: Input{row: row}}
	var space [maxParams]member
	all, err := members(space[:0], data)
	if err != nil {
		refusal := reasons.Refuse("data-malformed").With("cause", err.Error())
		if len(data) <= MaxExplained {
			refusal.Because(inspect.Data(data))
		}
		return d.in, nil, refusal
	}
	d.take(all)
	if refusal := d.present(); refusal != nil {
		return d.in, d.lints, refusal
	}
	return d.in, d.lints, d.forms()
}

// MaxExplained bounds what is looked into while a request waits, in bytes.
const MaxExplained = 4 << 10

// maxShown is how much of a text a refusal or a lint shows, in bytes.
const maxShown = 80

type decoder struct {
	in      Input
	found   [maxParams]member
	lints   []Lint
	others  []member        // the first that are none of the parameters
	ignored [maxParams]bool // not looked at, since another parameter stands alone
	unused  [maxParams]bool // of the right form, but another alternative was chosen
}

// maxLints bounds the notes of one request; a body of 1 MiB can hold a hundred
// thousand unknown fields.
const maxLints = 32

func (d *decoder) lint(rule, detail, zh string) {
	if len(d.lints) < maxLints {
		d.lints = append(d.lints, Lint{rule, detail, zh})
	}
}

// take sorts the members to the row's parameters: of duplicates the last wins,
// unknown ones are ignored, both with a lint (check 7).
func (d *decoder) take(all []member) {
	params := d.in.row.Params
	seen := repeats(all)
	for i, m := range all {
		if seen(i) {
			name := strconv.Quote(excerpt.Bytes(m.name, maxShown))
			d.lint("duplicate-key", "data has "+name+" more than once; the last one counts", "data 中 "+name+" 出现了多次，以最后一个为准")
		}
		at := slices.IndexFunc(params, func(p schemas.Param) bool { return p.Name == m.name })
		if at < 0 {
			d.lint("unknown-field", "data."+excerpt.Bytes(m.name, maxShown)+" is none of "+d.in.row.Name+"'s parameters", "data."+excerpt.Bytes(m.name, maxShown)+" 不是 "+d.in.row.Name+" 的参数")
			if len(d.others) < maxParams {
				d.others = append(d.others, m)
			}
			continue
		}
		d.found[at] = m
	}
}

// repeats says, member by member in their order, whether one before had the
// same name. Few are compared with each other, many are put into a map.
func repeats(all []member) func(i int) bool {
	const few = 16
	if len(all) <= few {
		return func(i int) bool {
			return slices.ContainsFunc(all[:i], func(earlier member) bool { return earlier.name == all[i].name })
		}
	}
	names := make(map[string]struct{}, len(all))
	return func(i int) bool {
		_, before := names[all[i].name]
		names[all[i].name] = struct{}{}
		return before
	}
}

func (d *decoder) absent(i int) bool {
	m := d.found[i]
	return m.kind == 0 || m.kind == 'z' || (m.kind == 's' && m.text == "")
}

func (d *decoder) index(name string) int {
	return slices.IndexFunc(d.in.row.Params, func(p schemas.Param) bool { return p.Name == name })
}

// present is check 8: the required parameters in the document's order, then
// the alternatives of §9.10.
func (d *decoder) present() *reasons.Refusal {
	row := d.in.row
	for i, p := range row.Params {
		if p.Required && d.absent(i) {
			return d.missing(p.Name)
		}
	}
	if row.Alone != "" && !d.absent(d.index(row.Alone)) {
		for i, p := range row.Params {
			d.ignored[i] = p.Name != row.Alone
		}
		return nil
	}
	if len(row.Either) == 0 {
		return nil
	}
	chosen := slices.IndexFunc(row.Either, func(group []string) bool {
		return slices.ContainsFunc(group, func(name string) bool { return !d.absent(d.index(name)) })
	})
	if chosen < 0 {
		return d.missing(row.Either[0][0])
	}
	for _, name := range row.Either[chosen] {
		if d.absent(d.index(name)) {
			return d.missing(name)
		}
	}
	for _, group := range row.Either[chosen+1:] {
		for _, name := range group {
			if i := d.index(name); !d.absent(i) {
				d.unused[i] = true
				beside := strings.Join(row.Either[chosen], ", ")
				d.lint("either-or", "data."+name+" goes unused: the document forbids it beside "+beside+" (§9.10)",
					"data."+name+" 未被使用：文档不允许它与 "+beside+" 同时出现（§9.10）")
			}
		}
	}
	return nil
}

func (d *decoder) missing(name string) *reasons.Refusal {
	how := "is not in data"
	switch d.found[d.index(name)].kind {
	case 'z':
		how = "is null"
	case 's':
		how = "is empty"
	}
	refusal := reasons.Refuse("missing-parameter").At(name).With("where", "data."+name).With("how", how)
	if d.found[d.index(name)].kind != 0 {
		return refusal
	}
	names := make([]string, len(d.others))
	for i, m := range d.others {
		names[i] = m.name
		if m.kind == 'o' && strings.Contains(m.text, strconv.Quote(name)) {
			return refusal.Because(inspect.Nested(name, m.name))
		}
	}
	if f, ok := inspect.Field(name, names); ok {
		return refusal.Because(f)
	}
	for i := range d.in.row.Params {
		if d.found[i].kind != 0 {
			names = append(names, d.in.row.Params[i].Name)
		}
	}
	return refusal.Because(inspect.NoField(name, names))
}

// forms is check 9, in the document's order.
func (d *decoder) forms() *reasons.Refusal {
	for i := range d.in.row.Params {
		p, m := &d.in.row.Params[i], &d.found[i]
		if d.ignored[i] || d.absent(i) {
			continue
		}
		if m.kind != 's' && m.kind != 'n' {
			text := strconv.Quote(p.Name) + `:"…"`
			return malformed(p, m.text, "want a string, got "+kindName(m.kind)).Otherwise("Send it as a text: "+text, "请以文本发送："+text)
		}
		text := m.text
		if p.Form == schemas.FormPlate {
			text = d.plate(p.Name, text)
		}
		if problem := checkForm(p.Form, text); problem != "" {
			return malformed(p, m.text, problem)
		}
		if m.kind == 'n' && !p.Mixed {
			d.lint("scalar-coerced", "data."+p.Name+" is a JSON number, the document has a string", "data."+p.Name+" 是 JSON 数字，文档中为字符串")
		}
		if !d.unused[i] {
			d.in.text[i] = text
		}
	}
	return nil
}

func (d *decoder) plate(name, text string) string {
	plate, spaces, lower := notation.NormalPlate(text)
	if spaces {
		d.lint("plate-spaces", "data."+name+" has spaces; they were removed", "data."+name+" 含有空格，已去除")
	}
	if lower {
		d.lint("plate-case", "data."+name+" has lower-case letters; they were upper-cased", "data."+name+" 含有小写字母，已转为大写")
	}
	return plate
}

// maxKeptText bounds a text that is kept, in characters, so that a sandbox does not grow by what a request says.
const maxKeptText = 64

func malformed(p *schemas.Param, given, problem string) *reasons.Refusal {
	if length := utf8.RuneCountInString(given); p.Form == schemas.FormKeptText && length > maxKeptText {
		return reasons.Refuse("too-long").At(p.Name).With("length", strconv.Itoa(length)).With("most", strconv.Itoa(maxKeptText))
	}
	r := reasons.Refuse("malformed-parameter").At(p.Name).With("given", excerpt.Bytes(given, maxShown)).With("want", problem)
	if p.Form == schemas.FormPhone {
		r.Code = schemas.CodeBadPhone
	}
	if len(given) <= MaxExplained {
		if f, ok := explained(p.Form, given); ok {
			r.Because(f)
		}
	}
	return r
}

// explained says what is wrong with a value of a form, where that is known.
func explained(form schemas.Form, given string) (inspect.Finding, bool) {
	switch form {
	case schemas.FormPlate:
		return inspect.Plate(given)
	case schemas.FormPhone:
		return inspect.Phone(given)
	case schemas.FormPayment:
		return inspect.Payment(given)
	case schemas.FormTime:
		return inspect.Moment(given)
	case schemas.FormPlateColor:
		return inspect.Color(given)
	case schemas.FormVIN:
		return inspect.VIN(given)
	case schemas.FormLatitude:
		return inspect.Coordinate(given, 90)
	case schemas.FormLongitude:
		return inspect.Coordinate(given, 180)
	case schemas.FormRadius:
		return inspect.Radius(given)
	default: // nothing is known of texts
		return inspect.Finding{}, false
	}
}

func kindName(kind byte) string {
	switch kind {
	case 'o':
		return "an object"
	case 'a':
		return "an array"
	default:
		return "a boolean"
	}
}

// checkForm says what is wrong with a text, or "".
func checkForm(form schemas.Form, text string) string {
	switch form {
	case schemas.FormText:
		return ""
	case schemas.FormKeptText:
		return unless(utf8.RuneCountInString(text) <= maxKeptText, "want at most 64 characters")
	case schemas.FormPhone:
		return unless(notation.ValidPhone(text), "want 11 digits, the first 1, the second 3 to 9")
	case schemas.FormPlate:
		return unless(notation.ValidPlate(text), "want a province's character, a letter, then letters and digits without I and O, 7 characters in all or 8 for new energy (§9.4)")
	case schemas.FormPlateColor:
		return unless(notation.ValidPlateColor(text), "want 1 blue, 2 black, 3 yellow or 4 white (§9.4)")
	case schemas.FormPayment:
		fen, err := notation.ParseFen(text)
		return unless(err == nil && fen > 0, "want a plain decimal of yuan above 0 with at most two places, such as 8 or 10.34 (§9.8)")
	case schemas.FormTime:
		_, err := notation.ParseTime(text)
		return unless(err == nil, "want yyyy-MM-dd HH:mm:ss (§9.8)")
	case schemas.FormVIN:
		return unless(notation.ValidVIN(text), "want 17 upper-case letters and digits without I, O and Q (§9.9)")
	case schemas.FormLatitude:
		_, ok := notation.Latitude(text)
		return unless(ok, "want a plain decimal from -90 to 90 (§9.10)")
	case schemas.FormLongitude:
		_, ok := notation.Longitude(text)
		return unless(ok, "want a plain decimal from -180 to 180 (§9.10)")
	case schemas.FormRadius:
		metres, err := strconv.Atoi(text)
		return unless(err == nil && notation.Digits(text) && metres >= 500 && metres <= 5000, "want whole metres from 500 to 5000 (§9.10)")
	case schemas.FormPayType:
		return unless(text == "1", "want 1, car parks with electronic payment (§9.10)")
	default:
		return "of an unknown form"
	}
}

func unless(ok bool, problem string) string {
	if ok {
		return ""
	}
	return problem
}
