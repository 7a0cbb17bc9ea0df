package cluster

import (
	"fmt"

	"github.com/etcp-mock/etcp-mock/mock/internal/ledger"
)

// TokenError refuses a replica whose peers would refuse it.
type TokenError struct{ Replica string } // a live one with another token

func (e *TokenError) Error() string {
	return fmt.Sprintf("the replica %s lives, and has another peer token", e.Replica)
}

// refused is an error where one of the others that live has another token.
func (c *Cluster) refused(replicas []ledger.Replica) error {
	for _, r := range replicas {
		if r.Live && r.Name != c.opts.Name && r.Peers != c.opts.Peers {
			return &TokenError{r.Name}
		}
	}
	return nil
}
