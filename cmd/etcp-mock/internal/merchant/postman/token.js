// The requests after a login use its token.
const answer = pm.response.json();
if (answer.code === 0) pm.collectionVariables.set('token', answer.data.token);
