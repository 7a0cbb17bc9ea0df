// Package repair gives the texts that may have been meant by what arrived: where characters were lost or read in another charset, where the end is
// missing, and where a language printed an object instead of writing JSON. Which one was meant is for the signature to say.
package repair
