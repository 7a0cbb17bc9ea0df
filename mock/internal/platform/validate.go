package platform

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/etcp-mock/etcp-mock/internal/excerpt"
	"github.com/etcp-mock/etcp-mock/internal/jsonvalue"
	"github.com/etcp-mock/etcp-mock/internal/pushurl"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/mock/internal/strict"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// The bounds of what an operator may set.
const (
	maxText   = 200 // bytes
	maxSpaces = 1_000_000
)

// problems collects what is wrong with a value, each with a pointer (RFC 6901) that begins at the value.
type problems []strict.Problem

func (p *problems) add(pointer, detail string) {
	*p = append(*p, strict.Problem{Pointer: pointer, Detail: detail})
}

func (p *problems) unless(ok bool, pointer, detail string) {
	if !ok {
		p.add(pointer, detail)
	}
}

// in adds what is wrong with a part.
func (p *problems) in(prefix string, inner []strict.Problem) {
	for _, i := range inner {
		p.add(prefix+i.Pointer, i.Detail)
	}
}

func (p *problems) text(pointer, value string) {
	switch {
	case len(value) > maxText:
		p.add(pointer, fmt.Sprintf("is over %d bytes", maxText))
	case !utf8.ValidString(value):
		p.add(pointer, "is not UTF-8")
	}
}

func (p *problems) requiredText(pointer, value string) {
	p.unless(value != "", pointer, "is required")
	p.text(pointer, value)
}

// oneOf allows a value of a list, or none.
func (p *problems) oneOf(pointer, value string, allowed ...string) {
	if value != "" && !slices.Contains(allowed, value) {
		p.add(pointer, fmt.Sprintf("want one of %s, got %q", strings.Join(allowed, ", "), excerpt.Given(value)))
	}
}

func (p *problems) pushURL(pointer, text string) {
	if text == "" {
		return
	}
	_, err := pushurl.Parse(text)
	p.unless(err == nil, pointer, "want an http or https URL of at most "+strconv.Itoa(pushurl.MaxLength)+" bytes with a host, and a port from 1 to 65535 if any")
}

// Validate says everything that is wrong with a merchant.
func (m *Merchant) Validate() []strict.Problem {
	var p problems
	p.requiredText("/no", m.No)
	p.unless(!strings.ContainsFunc(m.No, unicode.IsControl), "/no", "has a control character in it") // a database takes no NUL
	p.requiredText("/key", m.Key)
	p.text("/name", m.Name)
	if m.Push != nil {
		p.in("/push", m.Push.Validate())
	}
	return p
}

// Validate says everything that is wrong with where pushes go.
func (h *Hook) Validate() []strict.Problem {
	var p problems
	p.pushURL("/url", h.URL)
	kinds := pushKinds()
	for _, kind := range slices.Sorted(maps.Keys(h.URLs)) {
		pointer := "/urls/" + jsonvalue.EscapePointer(kind)
		p.oneOf(pointer, kind, kinds...)
		p.pushURL(pointer, h.URLs[kind])
	}
	for i, kind := range h.Kinds {
		p.oneOf("/kinds/"+strconv.Itoa(i), kind, kinds...)
	}
	return p
}

func pushKinds() []string {
	kinds := make([]string, 0, 4)
	for _, push := range schemas.Pushes() {
		kinds = append(kinds, push.Kind)
	}
	return kinds
}

// Validate says everything that is wrong with a car park.
func (p *Parking) Validate() []strict.Problem {
	var found problems
	_, latOK := notation.Latitude(p.Lat)
	_, lonOK := notation.Longitude(p.Lon)
	found.unless(notation.ValidParkingID(p.ID), "/id", "want a whole number as text, up to 15 digits without leading zeros: the platform shows it as a JSON number")
	found.requiredText("/name", p.Name)
	found.text("/city", p.City)
	found.unless(latOK, "/lat", "want degrees as a decimal text from -90 to 90")
	found.unless(lonOK, "/lon", "want degrees as a decimal text from -180 to 180")
	found.oneOf("/parkingType", p.ParkingType, "8", "7", "146")
	found.in("/tariff", p.Tariff.Validate())
	if p.TotalSpace < 0 || p.TotalSpace > maxSpaces {
		found.add("/totalSpace", fmt.Sprintf("want 0 to %d", maxSpaces))
	}
	if p.Occupied < 0 || p.Occupied > p.TotalSpace {
		found.add("/occupied", fmt.Sprintf("want 0 to totalSpace, %d", p.TotalSpace))
	}
	return found
}

// Validate says everything that is wrong with a row of the registry.
func (r *Registered) Validate() []strict.Problem {
	var p problems
	p.unless(r.VIN == "" || notation.ValidVIN(r.VIN), "/vin", "want 17 upper-case letters and digits without I, O and Q")
	p.text("/engine", r.Engine)
	p.userType(r.UserType, r.FixParkingID, r.RemainingDays)
	return p
}

// userType checks who parks for long, and as what.
func (p *problems) userType(userType, fixParkingID, remainingDays string) {
	if userType != "" && userType != LongTerm && userType != Temporary {
		p.add("/userType", fmt.Sprintf("want \"76\" long-term or \"77\" temporary, got %q", excerpt.Given(userType)))
	}
	p.text("/fixParkingId", fixParkingID)
	p.text("/remainingDays", remainingDays)
}

// Validate says everything that is wrong with what a car that enters is, wherever and whenever that may be.
func (c *Enter) Validate() []strict.Problem {
	var p problems
	p.in("", c.Vehicle.Validate())
	p.userType(c.UserType, c.FixParkingID, c.RemainingDays)
	return p
}

// Validate says everything that is wrong with a stay that a sandbox starts with.
func (c *PutOrder) Validate() []strict.Problem {
	var p problems
	p.in("", c.Enter.Validate())
	p.oneOf("/payment", c.Payment, PayCash, PayWithhold, PayNone)
	p.unless(c.Fee == nil || c.Fee.Valid(), "/parkingFee", "want 0 yuan or more")
	return p
}

// Validate says everything that is wrong with a vehicle that a phone has bound when a sandbox starts.
func (c *PutBinding) Validate() []strict.Problem {
	var p problems
	p.unless(notation.ValidPhone(c.Phone), "/phone", wantPhone)
	p.in("", c.Vehicle.Validate())
	p.text("/merchantNo", c.MerchantNo)
	return p
}

// Validate says everything that is wrong with what a car that leaves is.
func (c *Exit) Validate() []strict.Problem {
	var p problems
	p.in("", c.Vehicle.Validate())
	p.oneOf("/payment", c.Payment, PayCash, PayWithhold, PayNone)
	return p
}
