import { createApp } from 'vue';
import Lesson from './lesson.vue';

createApp(Lesson).mount('#app');
