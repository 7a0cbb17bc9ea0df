// Package pushurl says which URLs a merchant can have its pushes sent to (§10).
package pushurl

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/etcp-mock/etcp-mock/internal/excerpt"
)

// MaxLength is how many bytes a push URL may have.
const MaxLength = 2000

// Parse reads a push URL: absolute, http or https, with a host, and with a port from 1 to 65535 if any. Its errors do not have more than
// 200 characters of it.
func Parse(raw string) (*url.URL, error) {
	if len(raw) > MaxLength {
		return nil, fmt.Errorf("push URL %q: is longer than %d bytes", excerpt.Bytes(strings.ToValidUTF8(raw, "?"), 200), MaxLength)
	}
	u, err := url.Parse(raw)
	if err != nil {
		if parse, ok := errors.AsType[*url.Error](err); ok {
			err = parse.Err
		}
		return nil, fmt.Errorf("push URL %q: %w", excerpt.Bytes(strings.ToValidUTF8(raw, "?"), 200), err)
	}
	if u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("push URL %q: want an absolute http or https URL", excerpt.Bytes(strings.ToValidUTF8(raw, "?"), 200))
	}
	if u.Hostname() == "" {
		return nil, fmt.Errorf("push URL %q: has no host", excerpt.Bytes(strings.ToValidUTF8(raw, "?"), 200))
	}
	if port := u.Port(); port != "" {
		if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
			return nil, fmt.Errorf("push URL %q: want a port from 1 to 65535", excerpt.Bytes(strings.ToValidUTF8(raw, "?"), 200))
		}
	}
	return u, nil
}
