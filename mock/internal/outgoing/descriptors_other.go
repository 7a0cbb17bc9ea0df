//go:build !unix

package outgoing

// descriptors is how many the process may have open, about.
func descriptors() int { return 4096 }
