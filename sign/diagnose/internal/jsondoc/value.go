package jsondoc

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/internal/zone"
)

// Subsets are the choices among numbers: all of them, and each alone; of three and four of them each choice.
func Subsets(all []int, few bool) (sets [][]int) {
	if len(all) == 0 {
		return nil
	}
	sets = [][]int{all}
	if len(all) == 1 || few {
		return sets
	}
	if len(all) <= 4 {
		for bits := 1; bits < 1<<len(all)-1; bits++ {
			var set []int
			for i, n := range all {
				if bits>>i&1 == 1 {
					set = append(set, n)
				}
			}
			sets = append(sets, set)
		}
		return sets
	}
	for i := range all {
		sets = append(sets, all[i:i+1])
	}
	return sets
}

// ShortNumber is a number's text without zeros at the end of its fraction.
func ShortNumber(text string) string {
	if !strings.Contains(text, ".") || strings.ContainsAny(text, "eE") {
		return text
	}
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}

// Exponent is a number as Java's BigDecimal prints one whose zeros at the end were taken away: 8E+2.
func Exponent(f float64) string {
	text := strconv.FormatFloat(f, 'E', -1, 64)
	mantissa, exponent, _ := strings.Cut(text, "E+")
	n, _ := strconv.Atoi(exponent)
	if n == 0 || strings.ContainsRune(mantissa, '.') {
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
	return mantissa + "E+" + strconv.Itoa(n)
}

// AsDouble prints a number as Java, Python and C do print a double.
func AsDouble(m *Node) []*Node {
	if m.Kind != 'l' || !IsNumber(m.Text) || !strings.Contains(m.Text, ".") && strings.ContainsAny(m.Text, "eE") {
		return nil
	}
	f, err := strconv.ParseFloat(m.Text, 64)
	if err != nil {
		return nil
	}
	if strings.Contains(m.Text, ".") { // that a fraction is printed shorter is another row's
		if java := javaDouble(f); strings.Contains(java, "E") {
			return Literals(java)
		}
		return nil
	}
	return Literals(javaDouble(f), Pointed(strconv.FormatFloat(f, 'f', -1, 64)), strconv.FormatFloat(f, 'e', -1, 64), strconv.FormatFloat(f, 'G', 6, 64), strconv.FormatFloat(f, 'f', 6, 64))
}

// Pointed is a number that has a point in any case.
func Pointed(s string) string {
	if strings.ContainsRune(s, '.') {
		return s
	}
	return s + ".0"
}

// javaDouble is Double.toString.
func javaDouble(f float64) string {
	if abs := math.Abs(f); f == 0 || abs >= 1e-3 && abs < 1e7 {
		return Pointed(strconv.FormatFloat(f, 'f', -1, 64))
	}
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(f, 'E', -1, 64), "E")
	n, _ := strconv.Atoi(exponent)
	return Pointed(mantissa) + "E" + strconv.Itoa(n)
}

// RewrittenTime are the forms in which a time of the platform is printed by those who read it as a date; of one that came in such a form it is the platform's.
func RewrittenTime(m *Node) (all []*Node) {
	at, err := time.ParseInLocation(time.DateTime, m.Text, zone.Shanghai)
	if m.Kind != '"' || len(m.Text) != len(time.DateTime) || err != nil {
		return plainTime(m)
	}
	parts := at.Format("2006,1,2,") + strconv.Itoa(at.Hour()) + at.Format(",4,5")
	ms := strconv.FormatInt(at.UnixMilli(), 10)
	all = Literals("["+parts+"]", "["+strings.TrimSuffix(parts, ",0")+"]", `"\/Date(`+ms+`)\/"`, `"\/Date(`+ms+`+0800)\/"`, `"/Date(`+ms+`)/"`, `"/Date(`+ms+`+0800)/"`,
		strconv.FormatInt(at.UnixMilli(), 10), strconv.FormatInt(at.Unix(), 10))
	for _, layout := range []string{
		"2006-01-02T15:04:05", "2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05.000Z0700", "2006-01-02T15:04:05.000-0700", "Jan 2, 2006 3:04:05 PM", "Jan 2, 2006, 3:04:05 PM",
		"2006-1-2 15:04:05", "2006/1/2 15:04:05", "2006-01-02 03:04:05", "2006-01-02 15:04", "2006-01-02", "2006-01-02 15:04:05.0", "20060102150405", "2006-01-02T15:04:05.0000000Z07:00", "2006-01-02T15:04:05.000", "Mon Jan 02 15:04:05 CST 2006", "2006-01-02T15:04",
	} {
		all = append(all, &Node{Kind: '"', Text: at.Format(layout)})
	}
	return append(all,
		&Node{Kind: '"', Text: at.UTC().Format("2006-01-02T15:04:05.000Z")}, &Node{Kind: '"', Text: at.UTC().Format("2006-01-02T15:04:05Z")}, &Node{Kind: '"', Text: at.UTC().Format("2006-01-02T15:04:05.000+0000")},
		&Node{Kind: '"', Text: at.UTC().Format("2006-01-02T15:04:05.000+00:00")}, &Node{Kind: '"', Text: at.UTC().Format(time.DateTime)})
}

// plainTime is a time that came as a date is printed, in the platform's form; none where it is no time.
func plainTime(m *Node) []*Node {
	if n, err := strconv.ParseInt(m.Text, 10, 64); err == nil && (len(m.Text) == len("1509067800000") || len(m.Text) == len("1509067800")) {
		at := time.UnixMilli(n)
		if len(m.Text) == len("1509067800") {
			at = time.Unix(n, 0)
		}
		return []*Node{{Kind: '"', Text: at.In(zone.Shanghai).Format(time.DateTime)}}
	}
	if m.Kind != '"' || len(m.Text) < len("2006-01-02") || len(m.Text) > len("2006-01-02T15:04:05.0000000+08:00") {
		return nil
	}
	for _, layout := range []string{"2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-1-2 15:04:05", "2006/1/2 15:04:05", "20060102150405", "2006-01-02 15:04", "2006-01-02 15:04:05.0"} {
		if at, err := time.ParseInLocation(layout, m.Text, zone.Shanghai); err == nil {
			return []*Node{{Kind: '"', Text: at.In(zone.Shanghai).Format(time.DateTime)}, {Kind: '"', Text: at.Format(time.DateTime)}}
		}
	}
	return nil
}

// NearTime are the seconds around a time of the platform: that of a clock that was asked twice.
func NearTime(m *Node) (all []*Node) {
	at, err := time.ParseInLocation(time.DateTime, m.Text, zone.Shanghai)
	if m.Kind != '"' || err != nil {
		return nil
	}
	const most = 5 // seconds
	for n := 1; n <= most; n++ {
		all = append(all, &Node{Kind: '"', Text: at.Add(-time.Duration(n) * time.Second).Format(time.DateTime)}, &Node{Kind: '"', Text: at.Add(time.Duration(n) * time.Second).Format(time.DateTime)})
	}
	return all
}
