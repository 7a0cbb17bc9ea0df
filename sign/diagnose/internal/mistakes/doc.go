// Package mistakes is the table of what merchants' clients and receivers were seen to do wrong when they sign: a row for each mistake, a file for each sort of row.
//
// A row has its kind, the stage at which the mistake is made, how it is tried, and what it is and how to fix it in English and Chinese. [Table] is
// about the text that was signed; [Looks] is about the signature itself and the hash, which package diagnose reads.
//
// To add a mistake, write its row into the file of its sort: rows of a file stand in the order in which they are tried, and explain the same signature
// equally well where several fit.
package mistakes
