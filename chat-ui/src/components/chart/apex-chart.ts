import VueApexCharts from 'vue3-apexcharts'

// A file of its own, so that the charting library is loaded when the first chart is shown and not with the page.
export default VueApexCharts
