// Package duration reads and writes lengths of time as the control API, fixtures and scenarios have them: Go's notation with d for days,
// "45m", "26h30m", "8d", "1d12h".
package duration

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/internal/excerpt"
)

const (
	day = 24 * time.Hour
	// limit is a hundred years; no rule of the platform needs more, and sums of such still fit a time.Duration.
	limit = 36525 * day
)

var (
	errForm = errors.New(`want a duration such as "45m", "26h30m" or "8d"`)
	errLong = errors.New("want a duration below 100 years")
)

// Parse reads a duration that is not negative and below a hundred years. Days may have a fraction.
func Parse(text string) (time.Duration, error) {
	if strings.HasPrefix(text, "-") {
		return 0, fmt.Errorf("%w, not negative, got %q", errForm, excerpt.Given(text))
	}
	days, rest, hasDays := strings.Cut(text, "d")
	if !hasDays {
		days, rest = "", text
	}
	var total time.Duration
	if hasDays {
		d, err := time.ParseDuration(days + "h") // a day's fraction is an hour's
		if err != nil || strings.Trim(days, "0123456789.") != "" {
			return 0, fmt.Errorf("%w, got %q", errForm, excerpt.Given(text))
		}
		if d >= limit/24 {
			return 0, fmt.Errorf("%w, got %q", errLong, excerpt.Given(text))
		}
		total = 24 * d
	}
	if rest != "" || !hasDays {
		d, err := time.ParseDuration(rest)
		if err != nil || strings.ContainsAny(rest, "+-") {
			return 0, fmt.Errorf("%w, got %q", errForm, excerpt.Given(text))
		}
		if d >= limit {
			return 0, fmt.Errorf("%w, got %q", errLong, excerpt.Given(text))
		}
		total += d
	}
	if total >= limit {
		return 0, fmt.Errorf("%w, got %q", errLong, excerpt.Given(text))
	}
	return total, nil
}

// Format prints the shortest text that [Parse] reads as d, in days where they are whole, else in hours and less.
func Format(d time.Duration) string {
	switch {
	case d < 0:
		return d.String()
	case d == 0:
		return "0s"
	case d%day == 0:
		return strconv.FormatInt(int64(d/day), 10) + "d"
	}
	var b strings.Builder
	if h := d / time.Hour; h > 0 {
		fmt.Fprintf(&b, "%dh", h)
	}
	if m := d % time.Hour / time.Minute; m > 0 {
		fmt.Fprintf(&b, "%dm", m)
	}
	if rest := d % time.Minute; rest > 0 {
		b.WriteString(rest.String())
	}
	return b.String()
}

// Prose prints a length of time as people write it: "45m", "7d", "26h30m", "1m30s". What is below a second shows only where there is
// nothing else, and then in whole milliseconds where there are any.
func Prose(d time.Duration) string {
	if d < 0 {
		return "-" + Prose(-max(d, -math.MaxInt64)) // the least int64 has no opposite
	}
	switch {
	case d >= time.Second && (d >= 2*day || d%day != 0):
		return Format(d.Truncate(time.Second))
	case d >= time.Second:
		return strconv.FormatInt(int64(d/time.Hour), 10) + "h"
	}
	if d >= time.Millisecond {
		d = d.Truncate(time.Millisecond)
	}
	return Format(d)
}

// Between prints how long after one time another is, in English as [Prose] and in Chinese as [Chinese] do. What a time.Duration cannot hold, 292
// years and more, is in whole days.
func Between(from, to time.Time) (prose, chinese string) {
	if d := to.Sub(from); d != math.MaxInt64 {
		return Prose(d), Chinese(d)
	}
	days := strconv.FormatInt((to.Unix()-from.Unix())/int64(day/time.Second), 10)
	return days + "d", days + " 天"
}

// Chinese is Prose in Chinese: "45 分钟", "7 天", "26 小时 30 分", "1 分 30 秒".
func Chinese(d time.Duration) string {
	sign := ""
	if d < 0 {
		sign, d = "-", -max(d, -math.MaxInt64)
	}
	switch {
	case d == 0:
		return "0 秒"
	case d < time.Second:
		return sign + strconv.FormatInt(d.Milliseconds(), 10) + " 毫秒"
	case d >= 2*day && d%day == 0:
		return sign + strconv.FormatInt(int64(d/day), 10) + " 天"
	}
	var parts []string
	h, m, s := d/time.Hour, d%time.Hour/time.Minute, d%time.Minute/time.Second
	if h > 0 {
		parts = append(parts, strconv.FormatInt(int64(h), 10)+" 小时")
	}
	if m > 0 {
		unit := " 分"
		if h == 0 && s == 0 {
			unit = " 分钟"
		}
		parts = append(parts, strconv.FormatInt(int64(m), 10)+unit)
	}
	if s > 0 {
		parts = append(parts, strconv.FormatInt(int64(s), 10)+" 秒")
	}
	return sign + strings.Join(parts, " ")
}
