// validatorUrl would send the document to a host on the internet.
window.SwaggerUIBundle({
  url: '/__admin/openapi.json', dom_id: '#api', validatorUrl: null, deepLinking: true, docExpansion: 'none', filter: true,
  defaultModelsExpandDepth: 0, persistAuthorization: false,
});
