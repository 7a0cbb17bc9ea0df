// Package notation has what the document writes in a form of its own, as values that are checked and printed as it says: plates,
// phones, vehicle identification numbers, amounts of money, times and degrees.
package notation

import (
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/etcp-mock/etcp-mock/mock/internal/strict"
)

const (
	// Provinces are the characters that a plate may begin with (§9.4).
	Provinces     = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使"
	plateSuffixes = "学警港澳挂领试超"
	embassy       = '使'
	emergency     = "应急"
	// DefaultPlateColor is blue, a small car's (§9.4).
	DefaultPlateColor = "1"
)

// Vehicle is a plate and its colour: the same number may exist in several
// colours (§9.4).
type Vehicle struct {
	Plate string `json:"plateNumber"`
	Color string `json:"plateColor"`
}

func (v Vehicle) String() string { return v.Plate + "/" + v.Color }

// MarshalText makes a vehicle a JSON object's key in a snapshot.
func (v Vehicle) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (v *Vehicle) UnmarshalText(b []byte) error {
	plate, color, found := strings.Cut(string(b), "/")
	if !found || !ValidPlate(plate) || !ValidPlateColor(color) {
		return errPlate
	}
	*v = Vehicle{plate, color}
	return nil
}

// Valid says whether plate and colour have their form.
func (v Vehicle) Valid() bool { return ValidPlate(v.Plate) && ValidPlateColor(v.Color) }

// Validate says everything that is wrong with a vehicle: its plate is in the normal form ([NormalPlate]).
func (v Vehicle) Validate() (found []strict.Problem) {
	if !ValidPlate(v.Plate) {
		found = append(found, strict.Problem{Pointer: "/plateNumber", Detail: "want a plate such as 渝ATX061: a province's character, a letter, then letters and digits without I and O, 7 characters in all or 8"})
	}
	if !ValidPlateColor(v.Color) {
		found = append(found, strict.Problem{Pointer: "/plateColor", Detail: `want "1" blue, "2" black, "3" yellow or "4" white`})
	}
	return found
}

var errPlate = errors.New("not a plate and a colour")

// NormalPlate removes spaces and upper-cases letters, and says whether it had
// to do either.
func NormalPlate(text string) (plate string, spaces, lower bool) {
	plate = text
	if strings.IndexByte(plate, ' ') >= 0 {
		plate, spaces = strings.ReplaceAll(plate, " ", ""), true
	}
	for i := range len(plate) {
		if c := plate[i]; c >= 'a' && c <= 'z' {
			lower = true
			plate = strings.Map(func(r rune) rune {
				if r >= 'a' && r <= 'z' {
					return r - 'a' + 'A'
				}
				return r
			}, plate)
			break
		}
	}
	return plate, spaces, lower
}

// ValidPlate says whether a normalised plate has the form of §9.4: a province's
// character, a letter, then letters and digits without I and O to 7 characters,
// or 8 for new energy; the last may be one of 学警港澳挂领试超. An embassy's is
// 使 and six digits, an emergency service's ends in four digits and 应急.
func ValidPlate(plate string) bool {
	first, size := utf8.DecodeRuneInString(plate)
	if first == utf8.RuneError || !strings.ContainsRune(Provinces, first) {
		return false
	}
	rest := plate[size:]
	if first == embassy && len(rest) == 6 && Digits(rest) {
		return true
	}
	if number, ends := strings.CutSuffix(rest, emergency); ends {
		return len(number) == 5 && number[0] >= 'A' && number[0] <= 'Z' && Digits(number[1:])
	}
	if last, n := utf8.DecodeLastRuneInString(rest); n > 1 {
		if !strings.ContainsRune(plateSuffixes, last) {
			return false
		}
		rest = rest[:len(rest)-n] + "0" // stands for one character of the count
	}
	if len(rest) != 6 && len(rest) != 7 {
		return false
	}
	for i := range len(rest) {
		c := rest[i]
		letter := c >= 'A' && c <= 'Z' && (i == 0 || (c != 'I' && c != 'O')) // 京O is a real beginning
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// ValidPlateColor says whether a text is a colour: 1 blue, 2 black, 3 yellow, 4 white (§9.4).
func ValidPlateColor(color string) bool {
	return len(color) == 1 && color[0] >= '1' && color[0] <= '4'
}

// Mask hides the middle of a plate: 渝DE3787 → 渝****87 (§9.7).
func Mask(plate string) string {
	_, size := utf8.DecodeRuneInString(plate)
	_, last := utf8.DecodeLastRuneInString(plate)
	_, before := utf8.DecodeLastRuneInString(plate[:len(plate)-last])
	return plate[:size] + "****" + plate[len(plate)-last-before:]
}

// ValidPhone says whether a text is a mobile phone: ^1[3-9][0-9]{9}$.
func ValidPhone(phone string) bool {
	return len(phone) == 11 && Digits(phone) && phone[0] == '1' && phone[1] >= '3'
}

// ValidVIN says whether a text is a VIN: 17 upper-case characters without I, O, Q (§9.9).
func ValidVIN(vin string) bool {
	if len(vin) != 17 {
		return false
	}
	for i := range len(vin) {
		c := vin[i]
		if (c < '0' || c > '9') && (c < 'A' || c > 'Z' || c == 'I' || c == 'O' || c == 'Q') {
			return false
		}
	}
	return true
}

// ValidParkingID says whether a text is a car park's id: a whole number without a sign or leading zeros, since
// orderunpay and the pushes show it as a JSON number (§9.7, §10.1).
func ValidParkingID(id string) bool {
	return id != "" && len(id) <= 15 && Digits(id) && id[0] != '0'
}
